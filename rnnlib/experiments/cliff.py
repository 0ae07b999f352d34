r"""A net of one unit whose error has a wall: the surface, its gradient, and descents on it.

The net: x_t = w σ(x_{t-1}) + b with x_0 = 0.5, and E(w, b) = (σ(x_50) − 0.7)². In the course's notation the
state is s_t = σ(x_t), hence s_t = σ(s_{t-1} w + b): an `RNN` with φ = σ, W_s = (w), b_s = (b), zero inputs,
s_0 = σ(0.5), and E = (s_50 − 0.7)², without the factor ½. So ∂E/∂w and ∂E/∂b are the engine's ∂E/∂W_s and
∂E/∂b_s, where 2 (s_50 − 0.7) enters at s_50. The engine takes one W_s a call; here the same two loops run
over many pairs (w, b) at once. It takes milliseconds, so nothing is stored.

Where w σ(x_0) + b = x_0, the state stands still, and each step multiplies a small change of it by w σ'(x_0),
0.235 w. Above w = 4.26 that is more than 1: in 50 steps neighbors part, and this line is the wall.

Source: Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks",
figure 6 and algorithm 1.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from rnnlib.activations import sigmoid

__all__ = ["Descent", "descend", "error", "error_and_gradient", "surface", "wall"]

N, X_0, TARGET, STEPS = 50, 0.5, 0.7, 20
W_RANGE, B_RANGE = (3.0, 7.0), (-4.0, -1.0)
"""The part of the surface that the figure of the source shows."""


class Descent(NamedTuple):
    """The points of a descent and what was found there, (STEPS + 1, ...) arrays.

    w, b : where
    E : the error
    norm : ‖δ‖, the length of the gradient before it is clipped
    """

    w: np.ndarray
    b: np.ndarray
    E: np.ndarray
    norm: np.ndarray


def wall(w):
    """Return the b at which the state of the net stands still: the wall, where w > 1/σ'(x_0) = 4.26.

    >>> [round(wall(w), 2) for w in (4, 5, 6)]
    [-1.99, -2.61, -3.23]
    """
    return float(X_0 - w * sigmoid(X_0))


def error(w, b):
    """Return E(w, b), for numbers or for arrays of one shape."""
    return (_states(np.asarray(w, float), np.asarray(b, float))[-1] - TARGET) ** 2


def error_and_gradient(w, b):
    """Return E, ∂E/∂w and ∂E/∂b, by backpropagation through the 50 steps, for arrays of one shape."""
    w, b = np.asarray(w, float), np.asarray(b, float)
    s = _states(w, b)
    slope, dE_ds = sigmoid.derivative(s), 2 * (s[-1] - TARGET)
    dE_dw, dE_db = np.zeros(w.shape), np.zeros(w.shape)
    for t in range(N, 0, -1):
        delta = dE_ds * slope[t]
        dE_dw += delta * s[t - 1]
        dE_db += delta
        dE_ds = delta * w
    return (s[-1] - TARGET) ** 2, dE_dw, dE_db


def _states(w, b):
    s = np.empty((N + 1, *w.shape))
    s[0] = sigmoid(X_0)
    for t in range(1, N + 1):
        s[t] = sigmoid(w * s[t - 1] + b)
    return s


@cache
def surface(w_range=W_RANGE, b_range=B_RANGE, cells=200):
    """Return E in the middle of cells × cells parts of a window, w by row and b by column, increasing."""
    middle = (np.arange(cells) + 0.5) / cells
    w, b = (low + (high - low) * middle for low, high in (w_range, b_range))
    return error(*np.meshgrid(w, b, indexing="ij"))


def descend(w, b, lr, threshold=np.inf):
    """Take 20 steps of gradient descent, clipped by norm: δ ← (threshold / ‖δ‖) δ if ‖δ‖ > threshold.

    Parameters
    ----------
    w, b : arrays of one shape
        Where to start; each pair is a descent of its own.
    lr, threshold : of that shape, or numbers
        An infinite threshold never clips.

    Returns
    -------
    Descent
    """
    points = []
    for _ in range(STEPS + 1):
        E, dE_dw, dE_db = error_and_gradient(w, b)
        norm = np.hypot(dE_dw, dE_db)
        points.append((w, b, E, norm))
        scale = np.divide(threshold, norm, out=np.ones_like(norm), where=norm > threshold)
        w, b = w - lr * scale * dE_dw, b - lr * scale * dE_db
    return Descent(*(np.array(column) for column in zip(*points, strict=True)))
