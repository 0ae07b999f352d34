"""Tasks with one answer, at the last step: what it depends on was shown long before."""

import numpy as np

from rnnlib._check import check_count, check_size
from rnnlib.losses import last_step_mask
from rnnlib.training import Batch

__all__ = ["ORDER_SYMBOLS", "adding", "latch", "temporal_order", "two_sequence"]

ORDER_SYMBOLS = "EBXYabcd"
"""The symbols of `temporal_order`, in the order of its inputs: start, end, the two that matter, the noise."""


def latch(rng, lag, B, variance=0.2, dtype=np.float64):
    r"""Hold one bit: the first input is 1 or −1, and must be given back `lag` steps later.

    x_1 = ±1 with equal chances, x_2 ... x_{lag+1} are Gaussian noise on the same input line, and
    d_{lag+1} = x_1. Only the last step has a target. In E = ½(y − d)² the answer 0 costs 1/2; by sign a
    guess is right half the time, and a net that holds the bit always.

    Parameters
    ----------
    rng : numpy.random.Generator
    lag : int
        Steps from the input that matters to the target, >= 0; T = lag + 1.
    B : int
        Number of sequences.
    variance : float
        Of the noise; 0 for none.
    dtype : data type of x and d

    Returns
    -------
    Batch
        x and d of shape (lag + 1, B, 1), mask of shape (lag + 1, B), true at the last step.

    Raises
    ------
    ValueError
        For a negative lag or variance, or no sequence.

    Source: the latch problem of Bengio, Simard and Frasconi (1994), "Learning long-term dependencies with
    gradient descent is difficult", where the values of the first inputs are learned too. Fixed values, and
    noise of variance 0.2, are those of Hochreiter and Schmidhuber (1997), "Long short-term memory", task 3a
    with N = 1; there the length is drawn for each sequence, and the targets are 1 and 0.
    """
    return _held_class(rng, lag, B, 1, variance, dtype, clear=True)


def two_sequence(rng, lag, B, N_1=3, variance=0.2, dtype=np.float64):
    r"""Tell two classes of sequences apart by their first N_1 inputs; after these comes noise alone.

    x_1 ... x_{N_1} are the class, ±1 with equal chances, plus Gaussian noise; all later inputs are that
    noise only, and d_{N_1+lag} is the class. Only the last step has a target. The answer 0 costs 1/2, and a
    guess is right half the time, as in `latch`. The best that any net can do is the sign of the sum of the
    first N_1 inputs: wrong once in Φ(−√(N_1 / variance)) of all sequences, 0.005 % for the numbers here.

    Parameters
    ----------
    rng : numpy.random.Generator
    lag : int
        Steps from the last input that matters to the target, >= 0; T = N_1 + lag.
    B : int
        Number of sequences.
    N_1 : int
        Steps that tell the class, >= 1.
    variance : float
        Of the noise; 0 for none.
    dtype : data type of x and d

    Returns
    -------
    Batch
        x and d of shape (N_1 + lag, B, 1), mask of shape (N_1 + lag, B), true at the last step.

    Raises
    ------
    ValueError
        For a negative lag or variance, no sequence, or no step that tells the class.

    Source: the 2-sequence problem of Bengio, Simard and Frasconi (1994), in the form of Hochreiter and
    Schmidhuber (1997), task 3b; there the length is drawn for each sequence, and the targets are 1 and 0.
    """
    return _held_class(rng, lag, B, check_count("N_1", N_1), variance, dtype)


def adding(rng, T, B, dtype=np.float64):
    r"""Add two of T numbers: those that are marked.

    x_t1 is drawn uniformly from [0, 1]; x_t2 is 1 at two steps, the marks, and 0 elsewhere. One mark is among
    the first ⌊T/10⌋ steps, the other at another of the first ⌊T/2⌋ − 1. d_T is the sum of the two marked
    numbers, so half of the steps lie between them and the answer. The best answer that does not look at the
    input is 1: its mean square error is the variance of the sum, 1/6, and in E = ½(y − d)² it costs 1/12.

    Parameters
    ----------
    rng : numpy.random.Generator
    T, B : int
        Number of time steps, T >= 10, and of sequences.
    dtype : data type of x and d

    Returns
    -------
    Batch
        x of shape (T, B, 2), d of shape (T, B, 1), mask of shape (T, B), true at the last step.

    Raises
    ------
    ValueError
        For fewer than 10 steps, or no sequence.

    Source: the adding problem of Hochreiter and Schmidhuber (1997), "Long short-term memory", experiment 4
    (section 5.4), whose first mark is among the first 10 steps, whatever T. There the numbers come from
    [−1, 1], the target is 1/2 + sum/4, unmarked steps carry 0 and the first and last step −1 as the mark,
    and the length is drawn from T to T + T/10.
    """
    check_count("T", T, 10)
    check_count("B", B)
    first = rng.integers(0, T // 10, B)
    second = rng.integers(0, T // 2 - 2, B)
    second += second >= first  # any step but the first mark
    x, each = np.zeros((T, B, 2)), np.arange(B)
    x[..., 0] = rng.uniform(0, 1, (T, B))
    x[first, each, 1] = x[second, each, 1] = 1
    d = np.zeros((T, B, 1))
    d[-1, :, 0] = x[first, each, 0] + x[second, each, 0]
    return _asked_last(x, d, dtype)


def temporal_order(rng, T, B, dtype=np.float64):
    r"""Tell in which order two symbols came, with many others before, between and after.

    A sequence starts with E and ends with B. Between them stand a, b, c, d at random, but for two steps: t_1,
    drawn from ⌊T/10⌋ to ⌊T/5⌋, and t_2, drawn from ⌊T/2⌋ to ⌊3T/5⌋, each X or Y. The class, asked for at the
    last step, is 0 for XX, 1 for XY, 2 for YX, 3 for YY. A guess is right in a quarter of all cases and costs
    log 4 in cross-entropy.

    Parameters
    ----------
    rng : numpy.random.Generator
    T, B : int
        Number of time steps, T >= 20, and of sequences.
    dtype : data type of x

    Returns
    -------
    Batch
        x of shape (T, B, 8), one of `ORDER_SYMBOLS` at each step as a one among zeros; d of shape (T, B), for
        `cross_entropy`: the class at the last step, 0 elsewhere; mask of shape (T, B), true at the last step.

    Raises
    ------
    ValueError
        For fewer than 20 steps, or no sequence.

    Source: Hochreiter and Schmidhuber (1997), "Long short-term memory", experiment 6, task 6a (section 5.6).
    With T = 100 the two steps are those of the paper, where the length is drawn from 100 to 110, and four
    sigmoid outputs are trained by squared error.
    """
    check_count("T", T, 20)
    check_count("B", B)
    symbols = rng.integers(4, 8, (T, B))
    symbols[0], symbols[-1] = 0, 1
    which = rng.integers(0, 2, (2, B))
    for half, (low, high) in zip(which, ((T // 10, T // 5), (T // 2, 3 * T // 5)), strict=True):
        symbols[rng.integers(low, high + 1, B) - 1, np.arange(B)] = 2 + half  # step t is row t − 1
    d = np.zeros((T, B), int)
    d[-1] = 2 * which[0] + which[1]
    return _asked_last(np.eye(8)[symbols], d, dtype)


def _held_class(rng, lag, B, N_1, variance, dtype, clear=False):
    """Show a class in the first N_1 steps, clear or under the noise, and ask for it at the last step."""
    T = N_1 + check_count("lag", lag, 0)
    label = rng.choice([-1.0, 1.0], check_count("B", B))
    x = np.sqrt(check_size("variance", variance)) * rng.standard_normal((T, B, 1))
    if clear:
        x[:N_1] = 0
    x[:N_1, :, 0] += label
    d = np.zeros((T, B, 1))
    d[-1, :, 0] = label
    return _asked_last(x, d, dtype)


def _asked_last(x, d, dtype):
    """A batch whose last step alone has a target; whole numbers stay what they are."""
    T, B = x.shape[:2]
    d = d if d.dtype.kind == "i" else d.astype(dtype)
    return Batch(x.astype(dtype), d, last_step_mask(np.full(B, T), T))
