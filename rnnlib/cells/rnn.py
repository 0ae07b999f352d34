"""The simple recurrent net (Elman 1990): s_t = phi(x_t W_x + s_{t-1} W_s + b_s).

`step` is the definition. `forward` and `backward` are the same thing made fast: what does not
depend on the previous state is done for all steps at once, before or after the loop.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnlib import _check
from rnnlib.activations import Activation, check_phi, tanh
from rnnlib.cells.base import Grads, incoming
from rnnlib.weights import glorot, orthogonal

__all__ = ["RNN", "RNNParams", "RNNRun", "RNNStates"]


class RNNParams(NamedTuple):
    """W_x : (n_x, n_s),  W_s : (n_s, n_s),  b_s : (n_s,)."""

    W_x: np.ndarray
    W_s: np.ndarray
    b_s: np.ndarray


class RNNStates(NamedTuple):
    """s : (T+1, B, n_s)."""

    s: np.ndarray


class RNNRun(NamedTuple):
    """What `forward` found out, and `backward` needs.

    x : (T, B, n_x)      the inputs; x[t-1] is x_t
    s : (T+1, B, n_s)    the states; s[0] is s_0 and s[t] is s_t
    """

    x: np.ndarray
    s: np.ndarray

    @property
    def output(self):
        """s_1 ... s_T, shape (T, B, n_s)."""
        return self.s[1:]

    @property
    def last(self):
        """s_T, shape (B, n_s): the `s_0` of a run that goes on from here."""
        return self.s[-1]

    @property
    def states(self):
        """Every part of the state at every step, by name."""
        return RNNStates(self.s)


@dataclass(frozen=True)
class RNN:
    """A layer of units that see the input and their own last values.

    Parameters
    ----------
    phi : Activation
    """

    phi: Activation = tanh

    def __post_init__(self):
        check_phi(self.phi)

    def init(self, rng, n_x, n_s, dtype=np.float64):
        """Draw parameters: W_x Glorot normal, W_s orthogonal, b_s zero.

        Parameters
        ----------
        rng : numpy.random.Generator
        n_x, n_s : int
            Number of inputs and of units.
        dtype : float32 or float64

        Returns
        -------
        RNNParams
        """
        n_x, n_s = _check.check_count("n_x", n_x), _check.check_count("n_s", n_s)
        return RNNParams(glorot(rng, n_x, n_s, dtype), orthogonal(rng, n_s, dtype), np.zeros(n_s, dtype))

    def step(self, params, s_prev, x_t):
        """One step, as on the blackboard: s_t = phi(x_t W_x + s_{t-1} W_s + b_s)."""
        W_x, W_s, b_s = params
        return self.phi(x_t @ W_x + s_prev @ W_s + b_s)

    def forward(self, params, x, s_0=None):
        """Run over all steps.

        Parameters
        ----------
        params : RNNParams
        x : (T, B, n_x) array
        s_0 : (B, n_s) array, optional
            The initial state; zeros if not given.

        Returns
        -------
        RNNRun

        Raises
        ------
        TypeError, ValueError
            For arrays of a wrong kind or shape, or with values that are not finite.
        FloatingPointError
            When a state overflows.
        """
        W_x, W_s, b_s = params = _checked(params)
        x = _check.as_array("x", x, "T, B, n_x", (None, None, len(W_x)), b_s.dtype)
        T, B, n_s = *x.shape[:2], len(b_s)
        s = np.empty((T + 1, B, n_s), b_s.dtype)
        s[0] = 0 if s_0 is None else _check.as_array("s_0", s_0, "B, n_s", (B, n_s), b_s.dtype)
        phi, product = self.phi.function, np.empty((B, n_s), b_s.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            np.add(np.matmul(x, W_x, out=s[1:]), b_s, out=s[1:])
            for s_prev, s_t in zip(s[:-1], s[1:], strict=True):
                s_t += np.dot(s_prev, W_s, out=product)
                phi(s_t, out=s_t)
        _check.check_finite("s", s, FloatingPointError, ": the state overflows")
        return RNNRun(x, s)

    def backward(self, params, run, dE_ds=None, dE_dlast=None):
        """Walk back through time once; add up what every step contributes.

        With a_t = ∂E/∂s_t over all paths, and delta_t = a_t ⊙ phi'_t:
        a_{t-1} = (∂E/∂s_{t-1} of its own output) + delta_t W_sᵀ,
        ∂E/∂W_s = Σ_t s_{t-1}ᵀ delta_t,  ∂E/∂W_x = Σ_t x_tᵀ delta_t,  ∂E/∂b_s = Σ_t delta_t.

        Parameters
        ----------
        params : RNNParams
            Those of the forward pass.
        run : RNNRun
        dE_ds : (T, B, n_s) array, optional
            ∂E/∂s_t of each step's own output, t = 1..T; zero if not given.
        dE_dlast : (B, n_s) array, optional
            A gradient that enters at s_T from what follows the sequence.

        Returns
        -------
        Grads
            `params` is an RNNParams, `states` an RNNStates.
        """
        W_x, W_s, b_s = params = _checked(params)
        x, s = run
        T, B, n_s = len(x), x.shape[1], len(b_s)
        a = incoming(np.empty((T + 1, B, n_s), b_s.dtype), "run.s", s, dE_ds, dE_dlast)
        delta = self.phi.derivative(s[1:])
        product = np.empty((B, n_s), b_s.dtype)
        W_sT = W_s.T.copy()  # read row by row in every step
        for a_prev, a_t, delta_t in zip(a[-2::-1], a[:0:-1], delta[::-1], strict=True):
            delta_t *= a_t
            a_prev += np.dot(delta_t, W_sT, out=product)
        delta = delta.reshape(T * B, n_s)
        dE_dW_x = x.reshape(T * B, -1).T @ delta
        dE_dW_s = s[:-1].reshape(T * B, n_s).T @ delta
        dE_dx = (delta @ W_x.T).reshape(x.shape)
        return Grads(RNNParams(dE_dW_x, dE_dW_s, delta.sum(axis=0)), dE_dx, a[0], RNNStates(a))


def _checked(params):
    return _check.as_params(params, RNNParams, (("n_x", "n_s"), ("n_s", "n_s"), ("n_s",)))
