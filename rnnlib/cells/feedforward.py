"""A hidden layer without memory, applied at every step: s_t = phi(x_t W_x + b_s).

It keeps the protocol of the cells, so it can stand wherever an RNN can. Given the last w inputs
side by side (`tasks.windows`) it is the time-delay net of lesson 1. Its state is never used again:
`step` ignores s_{t-1}, and ∂E/∂s_t of one step never reaches another.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnlib import _check
from rnnlib.activations import Activation, check_phi, tanh
from rnnlib.cells.base import Grads, incoming
from rnnlib.cells.rnn import RNNRun, RNNStates
from rnnlib.weights import glorot

__all__ = ["Feedforward", "FeedforwardParams"]


class FeedforwardParams(NamedTuple):
    """W_x : (n_x, n_s),  b_s : (n_s,)."""

    W_x: np.ndarray
    b_s: np.ndarray


@dataclass(frozen=True)
class Feedforward:
    """A layer of units that see the input of their own step, and nothing else.

    Parameters
    ----------
    phi : Activation
    """

    phi: Activation = tanh

    def __post_init__(self):
        check_phi(self.phi)

    def init(self, rng, n_x, n_s, dtype=np.float64):
        """Draw parameters: W_x Glorot normal, b_s zero. Returns FeedforwardParams."""
        n_x, n_s = _check.check_count("n_x", n_x), _check.check_count("n_s", n_s)
        return FeedforwardParams(glorot(rng, n_x, n_s, dtype), np.zeros(n_s, dtype))

    def step(self, params, s_prev, x_t):
        """One step; s_prev is not used: s_t = phi(x_t W_x + b_s)."""
        W_x, b_s = params
        return self.phi(x_t @ W_x + b_s)

    def forward(self, params, x, s_0=None):
        """Run over all steps at once. As `RNN.forward`, with FeedforwardParams."""
        W_x, b_s = params = _checked(params)
        x = _check.as_array("x", x, "T, B, n_x", (None, None, len(W_x)), b_s.dtype)
        T, B, n_s = *x.shape[:2], len(b_s)
        s = np.empty((T + 1, B, n_s), b_s.dtype)
        s[0] = 0 if s_0 is None else _check.as_array("s_0", s_0, "B, n_s", (B, n_s), b_s.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            s[1:] = self.step(params, None, x)
        _check.check_finite("s", s, FloatingPointError, ": the state overflows")
        return RNNRun(x, s)

    def backward(self, params, run, dE_ds=None, dE_dlast=None):
        """Return the gradients. As `RNN.backward`; that of s_0 is zero."""
        W_x, b_s = params = _checked(params)
        x, s = run
        T, B, n_s = len(x), x.shape[1], len(b_s)
        a = incoming(np.empty((T + 1, B, n_s), b_s.dtype), "run.s", s, dE_ds, dE_dlast)
        delta = (a[1:] * self.phi.derivative(s[1:])).reshape(T * B, n_s)
        grads = FeedforwardParams(x.reshape(T * B, -1).T @ delta, delta.sum(axis=0))
        return Grads(grads, (delta @ W_x.T).reshape(x.shape), a[0], RNNStates(a))


def _checked(params):
    return _check.as_params(params, FeedforwardParams, (("n_x", "n_s"), ("n_s",)))
