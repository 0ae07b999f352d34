"""Gestures that differ in nothing but the order of their parts."""

import itertools

import numpy as np

from rnnlib._check import check_count, check_size
from rnnlib.losses import last_step_mask
from rnnlib.training import Batch

__all__ = ["STROKES", "STROKE_ORDERS", "strokes"]

STROKES = {"right": (1, 0), "up": (0, 1), "left": (-1, 0), "down": (0, -1)}
"""The parts of a gesture of `strokes`, and the velocity of the hand in each."""

STROKE_ORDERS = tuple(("right", *rest) for rest in itertools.permutations(("up", "left", "down")))
"""The classes of `strokes`, in order."""


def strokes(rng, B, frames=(3, 24), noise=0.3, dtype=np.float64):
    r"""Say in which order a hand makes four strokes, of which each may be quick or slow.

    Each frame shows the velocity of the hand: one of `STROKES`, under Gaussian noise of standard deviation
    `noise`. A gesture is a stroke to the right, then one up, one to the left and one down in any order: six
    classes. How many frames each stroke takes is drawn by itself, evenly on a logarithmic scale, so it says
    nothing about the class. Whoever sees the frames without their order can only guess.

    Parameters
    ----------
    rng : numpy.random.Generator
    B : int
        Number of gestures.
    frames : (shortest, longest)
        Frames of a stroke; twice the same number for strokes of one speed.
    noise : float
    dtype : data type of x

    Returns
    -------
    Batch
        x of shape (T, B, 2), zeros after the end of a gesture; d of shape (T, B), for `cross_entropy`: the
        class at every step, a place in `STROKE_ORDERS`; mask of shape (T, B), true at the last step of each
        gesture. T is the length of the longest one.

    Raises
    ------
    ValueError
        For sizes that make no sense, or negative noise.
    """
    if np.shape(frames) != (2,):
        raise ValueError(f"frames is {frames}; expected (shortest, longest)")
    low = check_count("frames[0]", frames[0])
    high = check_count("frames[1]", frames[1], low)
    label = rng.integers(0, len(STROKE_ORDERS), check_count("B", B))
    ends = np.rint(low * (high / low) ** rng.random((B, 4))).astype(int).cumsum(axis=1)
    T = ends.max()
    stroke = (np.arange(T)[:, None, None] >= ends).sum(axis=-1)  # (T, B): 0 to 3, then 4 after the end
    velocity = np.array([[*(STROKES[name] for name in order), (0, 0)] for order in STROKE_ORDERS], float)
    x = velocity[label, stroke]
    x += check_size("noise", noise) * rng.standard_normal(x.shape)
    x[stroke == 4] = 0
    return Batch(x.astype(dtype), np.tile(label, (T, 1)), last_step_mask(ends[:, -1], T))
