"""Random nets for the property tests: hypothesis draws the sizes and a seed, NumPy the numbers."""

import re
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from rnnlib import GRU, LSTM, RNN, Conv, Feedforward, LSTMState, Streams, activations
from rnnlib.cells.rnn import RNNStates

PHIS = [activations.tanh, activations.sigmoid, activations.relu, activations.identity]
CELLS = [RNN, Feedforward, LSTM, GRU]

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
    """Draw a cell with its choices. If what comes in stays below 2, what goes out does too (see `tame`)."""
    return st.one_of(simple_cells(), lstms(), grus(), convs())


def free_cells():
    """Draw a cell that takes any number of inputs and has any number of units."""
    return st.one_of(simple_cells(), lstms(), grus())


def simple_cells():
    return st.one_of(rnns(), st.builds(Feedforward, st.sampled_from(PHIS)))


def rnns():
    return st.builds(RNN, st.sampled_from(PHIS))


def lstms():
    phis = st.sampled_from([activations.tanh, activations.sigmoid])
    uses = st.sampled_from(["standard", "notes"])
    return st.builds(LSTM, use_gate=uses, peepholes=st.booleans(), hold=held("i", "f", "V"), phi=phis)


def grus():
    updates, resets = st.sampled_from(["keep", "renew"]), st.sampled_from(["before", "after"])
    return st.builds(GRU, update=updates, reset=resets, hold=held("z", "r"))


@st.composite
def convs(draw, frame=None, phis=PHIS):
    """Draw a convolution, on a small frame with and without channels or on the one given."""
    size, pool = (draw(st.integers(1, 2)) for _ in range(2))
    if frame is None:
        more = draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
        frame = (*(size + pool - 1 + extra for extra in more), *draw(st.sampled_from([(), (1,), (2,)])))
    else:
        size, pool = min(size, *frame[:2]), 1
    pooling, phi = draw(st.sampled_from(["max", "mean"])), draw(st.sampled_from(phis))
    return Conv(frame, draw(st.integers(1, 2)), size, pool, pooling, phi)


@st.composite
def fronts(draw):
    """Draw what may stand in front of the cells: nothing, one or two convolutions, or streams."""
    kind = draw(st.sampled_from(["nothing", "conv", "two convs", "streams", "streams"]))
    if kind == "nothing":
        return ()
    if kind == "streams":
        return (draw(streams()),)
    first = draw(convs())
    return (first,) if kind == "conv" else (first, draw(convs(first.out_frame)))


@st.composite
def streams(draw):
    """Draw cells side by side."""
    chosen = draw(st.lists(cells(), min_size=1, max_size=3).map(tuple))
    n_x, n_s = zip(*(draw(st.tuples(st.integers(1, 3), st.integers(1, 3))) for _ in chosen), strict=True)
    features = (getattr(cell, "n_x", n) for cell, n in zip(chosen, n_x, strict=True))
    units = (getattr(cell, "n_s", n) for cell, n in zip(chosen, n_s, strict=True))
    return Streams(chosen, tuple(features), tuple(units))


def held(*gates):
    return st.dictionaries(st.sampled_from(gates), st.sampled_from([0.0, 0.3, 1.0]), max_size=2)


def drawn_params(rng, cell, n_x, n_s, dtype=np.float64):
    """Draw parameters of a cell, biases and peepholes too; those of ReLU units are tame."""
    if isinstance(cell, Streams):
        sizes = zip(cell.cells, cell.features, cell.units, strict=True)
        return tuple(drawn_params(rng, *of_cell, dtype) for of_cell in sizes)
    params = cell.init(rng, *sizes_of(cell, n_x, n_s), dtype)
    vectors = {name: w for name, w in params._asdict().items() if w is not None and w.ndim == 1}
    params = params._replace(**{name: drawn(rng, len(w), dtype) for name, w in vectors.items()})
    return tame(rng, params) if getattr(cell, "phi", None) is activations.relu else params


def drawn_state(rng, cell, B, n_s, dtype=np.float64):
    """Draw a state of the form that the cell wants."""
    if isinstance(cell, Streams):
        parts = zip(cell.cells, cell.units, strict=True)
        return tuple(drawn_state(rng, part, B, n, dtype) for part, n in parts)
    if isinstance(cell, LSTM):
        return LSTMState(*drawn(rng, (2, B, n_s), dtype))
    return drawn(rng, (B, getattr(cell, "n_s", n_s)), dtype)


def sizes_of(cell, n_x, n_s):
    """The sizes of a cell: its own where its choices fix them, else those given."""
    return getattr(cell, "n_x", n_x), getattr(cell, "n_s", n_s)


def far_from_ties(cell, run, gap=2e-3):
    """Whether in every pooled square the largest stays the largest when a little is added."""
    if isinstance(cell, Streams):
        return all(map(far_from_ties, cell.cells, run.runs))
    if not isinstance(cell, Conv) or cell.pool == 1 or cell.pooling == "mean":
        return True
    height, width, kernels = cell.out_frame
    maps = run.a[:, :, : height * cell.pool, : width * cell.pool]
    squares = maps.reshape(-1, height, cell.pool, width, cell.pool, kernels).swapaxes(2, 3)
    ordered = np.sort(squares.reshape(-1, height, width, cell.pool**2, kernels), axis=-2)
    return (ordered[..., -1, :] - ordered[..., -2, :]).min() > gap


def parts(state):
    """The arrays of a state; the last one is the cell's output."""
    return state if isinstance(state, tuple) else (state,)


def mapped(f, state):
    """Apply f to every part of a state."""
    return type(state)(*map(f, state)) if isinstance(state, tuple) else f(state)


def tame(rng, params):
    """Move the parameters of a simple cell so that no unit ever comes near z = 0, the kink of ReLU.

    With |x| <= 2 and |s_0| <= 2: the biases are 1 or −1, the inputs add at most 0.4 to that and the
    states at most 0.4. So |z| >= 0.2 and s <= 1.8 at every step, and in the next layer as well.
    """
    def narrow(W):
        return 0.2 * W / np.abs(W).sum(axis=tuple(range(W.ndim - 1))).clip(1e-3)

    signs = rng.choice([-1.0, 1.0], len(params.b_s)).astype(params.b_s.dtype)
    matrices = {name: narrow(W) for name, W in params._asdict().items() if W.ndim > 1}
    return params._replace(**matrices, b_s=signs)


def drawn(rng, size, dtype=np.float64):
    """Draw an array within [−2, 2]."""
    return rng.uniform(-2, 2, size).astype(dtype)


def repeated_step(cell, params, x, s_0):
    """The definition: one step after the other. Returns s_0 ... s_T, in the form of `run.states`."""
    states = [s_0]
    for x_t in x:
        states.append(cell.step(params, states[-1], x_t))
    return over_time(states)


def over_time(states):
    """One state after the other as arrays over time, in the form of `run.states`."""
    if type(states[0]) is tuple:  # of cells side by side
        return tuple(map(over_time, zip(*states, strict=True)))
    if isinstance(states[0], tuple):
        return type(states[0])(*map(np.stack, zip(*states, strict=True)))
    return RNNStates(np.stack(states))


def output_of(states):
    """s_1 ... s_T of what `over_time` returns."""
    if type(states) is tuple:
        return np.concatenate([output_of(of_cell) for of_cell in states], axis=-1)
    return states[-1][1:]


def same(a, b, rtol=1e-12, atol=1e-12):
    """Assert that two nested tuples hold equal arrays."""
    assert type(a) is type(b)
    if not isinstance(a, tuple):
        if a is not None:
            np.testing.assert_allclose(a, b, rtol=rtol, atol=atol)
        return
    for one, other in zip(a, b, strict=True):
        same(one, other, rtol, atol)


def refuses(message, error=ValueError):
    """Expect an error with exactly this text in it."""
    return pytest.raises(error, match=re.escape(message))
