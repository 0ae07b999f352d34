"""Activations phi, each with its derivative written in terms of its output.

In a recurrent net s = phi(z), and s is stored anyway. So the backward pass takes phi'(z) from s:
tanh' = 1 - s², sigmoid' = s (1 - s), relu' = [s > 0], identity' = 1.

`gamma` is the largest value that phi' can take. It decides when gradients must vanish (lesson 6).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

__all__ = ["Activation", "by_name", "check_phi", "identity", "relu", "sigmoid", "tanh"]


@dataclass(frozen=True)
class Activation:
    """An activation: call it for s = phi(z); `derivative(s)` is phi'(z) at that z.

    Parameters
    ----------
    name : str
    function : callable
        `function(z, out=None)` returns phi(z), elementwise, written to `out` when given (`out` may
        be z itself).
    derivative : callable
        `derivative(s, out=None)` returns phi'(z), elementwise, where s = phi(z): a new array, or `out`.
    gamma : float
        The supremum of |phi'|.
    """

    name: str
    function: Callable = field(repr=False)
    derivative: Callable = field(repr=False)
    gamma: float

    def __call__(self, z, out=None):
        """Return phi(z)."""
        return self.function(z, out=out)


def _sigmoid(z, out=None):
    # exp(88) still fits into float32, so nothing overflows; below z = -88 the value stays at 6e-39.
    s = np.minimum(np.negative(z, out=out), 88.0, out=out)
    s = np.add(np.exp(s, out=out), 1.0, out=out)
    return np.divide(1.0, s, out=out)


def _relu(z, out=None):
    return np.maximum(z, 0, out=out)


def _tanh_derivative(s, out=None):
    slope = np.asarray(np.square(s, out=out))
    return np.subtract(1, slope, out=slope)


def _sigmoid_derivative(s, out=None):
    slope = np.asarray(np.subtract(1, s, out=out))
    return np.multiply(slope, s, out=slope)


def _relu_derivative(s, out=None):
    # At the kink z = 0 the derivative is taken to be 0, as PyTorch does.
    return np.greater(s, 0, out=np.empty_like(s) if out is None else out)


def _identity_derivative(s, out=None):
    slope = np.empty_like(s) if out is None else out
    slope[...] = 1
    return slope


tanh = Activation("tanh", np.tanh, _tanh_derivative, gamma=1.0)
sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_derivative, gamma=0.25)
relu = Activation("relu", _relu, _relu_derivative, gamma=1.0)
identity = Activation("identity", np.positive, _identity_derivative, gamma=1.0)

_ALL = {phi.name: phi for phi in (tanh, sigmoid, relu, identity)}


def check_phi(phi):
    """Refuse what is no activation, `np.tanh` for instance: it has no derivative."""
    if not isinstance(phi, Activation):
        raise TypeError(f"phi is {phi!r}; expected an Activation such as activations.tanh")


def by_name(name):
    """Return the activation called "tanh", "sigmoid", "relu" or "identity"."""
    if name not in _ALL:
        raise ValueError(f"no activation is called {name!r}; expected one of {', '.join(_ALL)}")
    return _ALL[name]
