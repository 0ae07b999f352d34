"""Tasks with an answer at every step, and the input of a net that has no memory."""

import numpy as np

from rnnlib._check import as_array, as_integers, check_count
from rnnlib.losses import last_step_mask, mask_from_lengths
from rnnlib.training import Batch

__all__ = ["addition", "echo", "timing", "windows"]


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


def timing(rng, T, B, k, dtype=np.float64):
    r"""Answer every pulse with a pulse, exactly k steps later: count, without seeing anything meanwhile.

    x_t is 1 at a pulse, else 0. The first pulse comes within the first k steps, each other one k + 1 to
    2k + 1 steps after the one before it, all equally likely; so a pulse never comes before the one before
    it is answered. d_t is 1 where x_{t−k} is, else 0. Between a pulse and its answer all steps look alike:
    only the number of steps tells when.

    Parameters
    ----------
    rng, T, B, dtype : as for `echo`
    k : int
        The delay in steps, 1 <= k < T.

    Returns
    -------
    Batch
        x and d of shape (T, B, 1), all zeros and ones; mask of shape (T, B), true everywhere.

    Raises
    ------
    ValueError
        For sizes below 1, or a delay that leaves no answer.

    Source: after the tasks of Gers, Schraudolph and Schmidhuber (2002), "Learning precise timing with LSTM
    recurrent networks". There a net measures the distance of two spikes, or makes spikes at a fixed distance
    without any input. Here pulses start the clock, so that no two sequences are alike and every answer can be
    judged; the answer is a pulse, as in the second of these tasks.
    """
    check_count("T", T)
    check_count("B", B)
    if check_count("k", k) >= T:
        raise ValueError(f"k is {k}; expected k < T = {T}, or no answer is left")
    gaps = rng.integers(k + 1, 2 * k + 2, (T, B))
    gaps[0] = rng.integers(0, k, B)
    steps = np.cumsum(gaps, axis=0)  # more than fit into T
    x = np.zeros((T, B, 1))
    inside = steps < T
    x[steps[inside], np.broadcast_to(np.arange(B), (T, B))[inside]] = 1
    return Batch(x.astype(dtype), _delayed(x, k).astype(dtype), np.ones((T, B), bool))


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
