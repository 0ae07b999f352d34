"""Gradient descent, three ways, and clipping by norm.

Parameters and gradients are nested tuples of arrays (`RNNParams` inside `NetworkParams`, say). A
`None` stands for a parameter that is switched off, such as `b_y`. An optimizer is a frozen set of
choices; what it remembers between two steps is its *state*, which you pass back to it:

    state = optimizer.init(params)
    params, state = optimizer.update(params, grads, state)

Nothing is changed in place: the old parameters are still there after the step.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnlib._trees import mapped

__all__ = ["SGD", "Adam", "Momentum", "clip_by_norm", "clip_by_value", "global_norm"]


def _leaves(tree):
    if isinstance(tree, tuple):
        return [leaf for child in tree for leaf in _leaves(child)]
    return [] if tree is None else [np.asarray(tree)]


def _map(function, first, *others):
    """As `mapped`; float32 stays float32 also when a learning rate is a float64 of NumPy's."""

    def kept(leaf, *rest):
        dtype = np.float32 if np.asarray(leaf).dtype == np.float32 else None
        return np.asarray(function(leaf, *rest), dtype)

    return mapped(kept, first, *others)


def _zeros_like(params):
    return _map(np.zeros_like, params)


def _positive(name, value):
    if not _is_number(value) or value <= 0:
        raise ValueError(f"{name} is {value!r}; expected a finite number > 0")


def _below_one(name, value):
    if not _is_number(value) or not 0 <= value < 1:
        raise ValueError(f"{name} is {value!r}; expected a number with 0 <= {name} < 1")


def _is_number(value):
    return isinstance(value, (int, float, np.number)) and math.isfinite(value)


def global_norm(grads):
    r"""Length of all gradients seen as one long vector.

    ‖δ‖ = √(Σ δ_j²) over every number of every array.

    Parameters
    ----------
    grads : nested tuples of arrays

    Returns
    -------
    float
        Not a number or infinite when an entry is. Entries of any size are safe: they are divided by
        the largest one before they are squared.
    """
    leaves = _leaves(grads)
    largest = float(np.max([np.max(np.abs(leaf), initial=0.0) for leaf in leaves], initial=0.0))
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    return largest * math.sqrt(sum(float(np.sum((leaf.astype(float) / largest) ** 2)) for leaf in leaves))


def _finite_norm(grads):
    norm = global_norm(grads)
    if not math.isfinite(norm):
        raise ValueError(f"the norm of grads is {norm}; expected a finite number (clipping cannot mend it)")
    return norm


def clip_by_norm(grads, threshold):
    r"""Shorten the gradient to length `threshold`; keep its direction.

    If ‖δ‖ > threshold then δ ← (threshold / ‖δ‖) δ, else δ is unchanged. The norm is that of all
    parameters together. A zero gradient stays zero.

    Parameters
    ----------
    grads : nested tuples of arrays
    threshold : float
        Largest norm allowed, > 0.

    Returns
    -------
    nested tuples of arrays
        The type of `grads`; the same object when nothing had to be clipped.

    Raises
    ------
    ValueError
        For a threshold that is not positive, or a gradient that is not finite.

    Source: Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural
    networks", algorithm 1.
    """
    _positive("threshold", threshold)
    norm = _finite_norm(grads)
    if norm <= threshold:
        return grads
    return _map(lambda grad: grad * (threshold / norm), grads)


def clip_by_value(grads, threshold):
    r"""Cut every entry of the gradient to [−threshold, threshold], each by itself. For comparison.

    δ_j ← min(max(δ_j, −threshold), threshold). This turns the gradient: large entries lose more than small
    ones. The norm stays below threshold · √(number of entries), not below threshold.

    Parameters and errors as for `clip_by_norm`.

    Source: Pascanu, Mikolov and Bengio (2013), section 3.2, where it is credited to Mikolov (2012).
    """
    _positive("threshold", threshold)
    _finite_norm(grads)
    return _map(lambda grad: np.clip(grad, -threshold, threshold), grads)


@dataclass(frozen=True)
class SGD:
    """Gradient descent: W ← W − lr · ∂E/∂W.

    Parameters
    ----------
    lr : float
        Learning rate, > 0.
    """

    lr: float = 0.1

    def __post_init__(self):
        _positive("lr", self.lr)

    def init(self, params):
        """Remember nothing."""
        return ()

    def update(self, params, grads, state):
        """Take one step; return the new parameters and the state."""
        return _map(lambda W, grad: W - self.lr * grad, params, grads), state


@dataclass(frozen=True)
class Momentum:
    """Gradient descent with a velocity: v ← beta · v + ∂E/∂W, then W ← W − lr · v.

    Parameters
    ----------
    lr : float
        Learning rate, > 0.
    beta : float
        Part of the velocity that is kept, 0 <= beta < 1. Zero gives `SGD`.

    Source: Polyak (1964); the form without the factor 1 − beta.
    """

    lr: float = 0.1
    beta: float = 0.9

    def __post_init__(self):
        _positive("lr", self.lr)
        _below_one("beta", self.beta)

    def init(self, params):
        """Start at rest: a velocity of zero for each parameter."""
        return _zeros_like(params)

    def update(self, params, grads, state):
        """Take one step; return the new parameters and the new velocity."""
        velocity = _map(lambda v, grad: self.beta * v + grad, state, grads)
        return _map(lambda W, v: W - self.lr * v, params, velocity), velocity


class AdamState(NamedTuple):
    """What `Adam` remembers: the number of steps, and the running means of ∂E/∂W and of its square."""

    t: int
    m: tuple
    v: tuple


@dataclass(frozen=True)
class Adam:
    """Adam: each parameter gets a step of its own size.

    m ← beta_1 m + (1 − beta_1) g,  v ← beta_2 v + (1 − beta_2) g²  with g = ∂E/∂W, then
    W ← W − lr · m̂ / (√v̂ + eps)  with m̂ = m / (1 − beta_1^t),  v̂ = v / (1 − beta_2^t).

    Parameters
    ----------
    lr : float
        Learning rate, > 0; about the largest change of a parameter in one step.
    beta_1, beta_2 : float
        Memory of the two means, in [0, 1).
    eps : float
        Keeps the division safe, > 0.

    Source: Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1.
    """

    lr: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    eps: float = 1e-8

    def __post_init__(self):
        _positive("lr", self.lr)
        _below_one("beta_1", self.beta_1)
        _below_one("beta_2", self.beta_2)
        _positive("eps", self.eps)

    def init(self, params):
        """Start with both means at zero."""
        return AdamState(0, _zeros_like(params), _zeros_like(params))

    def update(self, params, grads, state):
        """Take one step; return the new parameters and the new state."""
        t = state.t + 1
        m = _map(lambda m, g: self.beta_1 * m + (1 - self.beta_1) * g, state.m, grads)
        v = _map(lambda v, g: self.beta_2 * v + (1 - self.beta_2) * g * g, state.v, grads)
        bias_1, bias_2 = 1 - self.beta_1**t, 1 - self.beta_2**t

        def step(W, m, v):
            return W - self.lr * (m / bias_1) / (np.sqrt(v / bias_2) + self.eps)

        return _map(step, params, m, v), AdamState(t, m, v)
