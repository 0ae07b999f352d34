"""Clips: sequences of small frames, in which a bright blob moves."""

import numpy as np

from rnnlib import _check
from rnnlib._check import check_count, check_size
from rnnlib.losses import last_step_mask
from rnnlib.training import Batch

__all__ = ["MOVEMENTS", "filmed", "movements"]

MOVEMENTS = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}
"""The classes of `movements`, in order: how far the blob goes in one frame, in rows and columns."""


def movements(rng, T, B, frame=(8, 8), noise=0.2, dtype=np.float64):
    r"""Say which way a blob moves: clips of T frames, of which no single one tells anything.

    A blob starts anywhere and goes one pixel a frame, to the left, the right, up or down; what leaves the
    frame comes in on the other side. So in every frame all places are equally likely, whatever the class.
    A blob is bright by exp(−r²/2), at a distance of r pixels from its center, and Gaussian noise of standard
    deviation `noise` lies over all pixels of all frames.

    Parameters
    ----------
    rng : numpy.random.Generator
    T, B : int
        Number of frames and of clips.
    frame : (H, W)
        Pixels, at least 3 each way: with 2, left and right are the same.
    noise : float
    dtype : data type of x

    Returns
    -------
    Batch
        x of shape (T, B, H · W), each frame flattened row by row; d of shape (T, B), the class at every step,
        a place in `MOVEMENTS`; mask of shape (T, B), true at the last step.

    Raises
    ------
    ValueError
        For sizes that are too small, or negative noise.
    """
    check_count("T", T)
    H, W = _frame(frame, 3)
    label = rng.integers(0, len(MOVEMENTS), check_count("B", B))
    start = rng.integers(0, (H, W), (B, 2))
    center = start + np.arange(T)[:, None, None] * np.array(list(MOVEMENTS.values()))[label]
    away = [(np.arange(n) - center[..., i, None] + n // 2) % n - n // 2 for i, n in enumerate((H, W))]
    x = _blobs(rng, away, noise, dtype)
    return Batch(x, np.tile(label, (T, 1)), last_step_mask(np.full(B, T), T))


def filmed(rng, x, frame=(8, 12), noise=0.1, reach=2.5, dtype=np.float64):
    r"""Film a track: clips in which a blob is where a hand was, told by one number a frame.

    x_t is how far out the hand is: at −reach the blob's center is in the first column, at reach in the last
    one. The blob rises as it goes out, from the lowest row at −reach to the highest one at reach. It is
    bright by exp(−r²/2), at a distance of r pixels from its center, which may lie between pixels, and
    Gaussian noise of standard deviation `noise` lies over all pixels of all frames.

    Only x is data. Shape and size of the blob, the noise and the rows are invented. That the hand rises as it
    goes out is what the authors of `data.load_gun_point` report: its two coordinates "appear to be highly
    correlated", so that they kept one.

    Parameters
    ----------
    rng : numpy.random.Generator
    x : (T, B, 1) array
        The tracks.
    frame : (H, W)
        Pixels, at least 2 each way.
    noise : float
    reach : float
        > 0.
    dtype : data type of the frames

    Returns
    -------
    (T, B, H · W) array
        The clips, each frame flattened row by row.

    Raises
    ------
    TypeError, ValueError
        For tracks of a wrong kind or shape, sizes that are too small, or negative noise.

    Source of the quotation: Ratanamahatana and Keogh, "Everything you know about dynamic time warping is
    wrong" (2004).
    """
    x = _check.as_array("x", x, "T, B, 1", (None, None, 1))
    H, W = _frame(frame, 2)
    if check_size("reach", reach) == 0:
        raise ValueError("reach is 0; expected a number > 0")
    out = (x + reach) / (2 * reach)  # from 0 to 1
    centers = ((1 - out) * (H - 1), out * (W - 1))
    return _blobs(rng, [np.arange(n) - c for n, c in zip((H, W), centers, strict=True)], noise, dtype)


def _frame(frame, least):
    if np.shape(frame) != (2,):
        raise ValueError(f"frame is {frame}; expected (H, W)")
    return tuple(check_count(f"frame[{i}]", length, least) for i, length in enumerate(frame))


def _blobs(rng, away, noise, dtype):
    """Draw blobs, given how many rows and columns their center is away, (T, B, H) and (T, B, W)."""
    rows, columns = (np.exp(-(distance**2) / 2) for distance in away)
    x = (rows[..., None] * columns[..., None, :]).reshape(*rows.shape[:2], -1)
    x += check_size("noise", noise) * rng.standard_normal(x.shape)
    return x.astype(dtype)
