"""Random nets for the property tests: hypothesis draws the sizes and a seed, NumPy the numbers."""

import re
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from rnnlib import RNN, Feedforward, activations

PHIS = [activations.tanh, activations.sigmoid, activations.relu, activations.identity]
CELLS = [RNN, Feedforward]

quick = settings(deadline=None, derandomize=True, max_examples=150)
thorough = settings(deadline=None, derandomize=True, max_examples=100)


class Sizes(NamedTuple):
    T: int
    B: int
    n_x: int
    n_s: int
    n_y: int
    seed: int

    @property
    def rng(self):
        return np.random.default_rng(self.seed)


def sizes(T=8, B=4, n=5):
    """Draw sizes; each may be 1."""
    width = st.integers(1, n)
    seed = st.integers(0, 2**32 - 1)
    return st.builds(Sizes, st.integers(1, T), st.integers(1, B), width, width, width, seed)


def cells():
    return st.builds(lambda kind, phi: kind(phi), st.sampled_from(CELLS), st.sampled_from(PHIS))


def tame(rng, params):
    """Move the parameters of a cell so that no unit ever comes near z = 0, the kink of ReLU.

    With |x| <= 2 and |s_0| <= 2: the biases are 1 or −1, the inputs add at most 0.4 to that and the
    states at most 0.4. So |z| >= 0.2 and s <= 1.8 at every step, and in the next layer as well.
    """
    def narrow(W):
        return 0.2 * W / np.abs(W).sum(axis=0).clip(1e-3)

    signs = rng.choice([-1.0, 1.0], len(params.b_s))
    matrices = {name: narrow(W) for name, W in params._asdict().items() if W.ndim == 2}
    return params._replace(**matrices, b_s=signs)


def drawn(rng, size, dtype=np.float64):
    """Draw an array within [−2, 2]."""
    return rng.uniform(-2, 2, size).astype(dtype)


def repeated_step(cell, params, x, s_0):
    """The definition: one step after the other. Returns s_0 ... s_T."""
    states = [s_0]
    for x_t in x:
        states.append(cell.step(params, states[-1], x_t))
    return np.stack(states)


def refuses(message, error=ValueError):
    """Expect an error with exactly this text in it."""
    return pytest.raises(error, match=re.escape(message))
