"""Synthetic tasks that ask for memory, and the input of a net that has none."""

import numpy as np

from rnnlib._check import as_array, as_integers, check_count, check_size
from rnnlib.losses import last_step_mask, mask_from_lengths
from rnnlib.training import Batch

__all__ = ["addition", "echo", "latch", "two_sequence", "windows"]


def echo(rng, T, B, k, dtype=np.float64):
    r"""Repeat the input k steps later.

    x_t is drawn uniformly from [−1, 1], and d_t = x_{t−k}. The first k targets do not exist: they are
    zero, and the mask leaves them out. Guessing zero costs the variance of the input, 1/3 a step; in
    the course's E = ½(y − d)² that is 1/6.

    Parameters
    ----------
    rng : numpy.random.Generator
    T, B : int
        Number of time steps and of sequences.
    k : int
        The delay in steps, 0 <= k < T.
    dtype : data type of x and d

    Returns
    -------
    Batch
        x and d of shape (T, B, 1), mask of shape (T, B).

    Raises
    ------
    ValueError
        For sizes below 1, or a delay that leaves no target.
    """
    check_count("T", T)
    check_count("B", B)
    if check_count("k", k, 0) >= T:
        raise ValueError(f"k is {k}; expected k < T = {T}, or no target is left")
    x = rng.uniform(-1, 1, (T, B, 1)).astype(dtype)
    mask = np.zeros((T, B), dtype=bool)
    mask[k:] = True
    return Batch(x, _delayed(x, k), mask)


def addition(rng, T, B, lengths=None, dtype=np.float64):
    r"""Add two binary numbers, one digit of each a step, least significant digit first.

    x_t holds the two digits of place t, and d_t is that digit of the sum. The numbers have T − 1 random
    digits; at the last step both inputs are zero, and the target is the carry that is left. So each
    d_t is the last digit of x_t1 + x_t2 + carry, and the carry is in no input: it must be remembered.

    Parameters
    ----------
    rng : numpy.random.Generator
    T, B : int
        Number of time steps, T >= 2, and of sequences.
    lengths : (B,) array of int, optional
        The steps of each sequence, from 2 to T, if they are not all T. What comes after them is zero,
        and the mask leaves it out.
    dtype : data type of x and d

    Returns
    -------
    Batch
        x of shape (T, B, 2), d of shape (T, B, 1), all zeros and ones; mask of shape (T, B).

    Raises
    ------
    TypeError, ValueError
        For sizes that are too small, or lengths that are no whole numbers from 2 to T.
    """
    check_count("T", T, 2)
    check_count("B", B)
    lengths = np.full(B, T) if lengths is None else as_integers("lengths", lengths, "B", (B,), 2, T)
    mask = mask_from_lengths(lengths, T)
    x = rng.integers(0, 2, (T, B, 2)) * ~last_step_mask(lengths, T)[..., None] * mask[..., None]
    d, carry = np.empty((T, B, 1)), np.zeros(B, int)
    for t in range(T):
        carry, d[t, :, 0] = np.divmod(x[t].sum(axis=1) + carry, 2)
    return Batch(x.astype(dtype), d.astype(dtype), mask)


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


def windows(x, w):
    r"""Give each step the last w inputs side by side: [x_t, x_{t−1}, ..., x_{t−w+1}].

    This is the input of a *time-delay net* (Waibel et al. 1989): a feedforward net that sees w steps
    and nothing before them. Steps before the start are zeros.

    Parameters
    ----------
    x : (T, B, n_x)
    w : int
        The window in steps, w >= 1. w = 1 is the input itself.

    Returns
    -------
    (T, B, w · n_x) array
        The newest step first.

    Raises
    ------
    ValueError
        For a window below 1 or an input that is not (T, B, n_x).
    """
    check_count("w", w)
    x = as_array("x", x, "T, B, n_x", (None, None, None))
    return np.concatenate([_delayed(x, lag) for lag in range(w)], axis=2)


def _delayed(x, k):
    """Shift x by k steps into the future and fill the start with zeros."""
    late = np.zeros_like(x)
    late[k:] = x[: max(len(x) - k, 0)]
    return late


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
    return Batch(x.astype(dtype), d.astype(dtype), last_step_mask(np.full(B, T), T))
