"""A cell of which only single steps are written does what the built-in cell with the same step does."""

import numpy as np
import pytest
from cases import drawn, drawn_params, drawn_state, quick, refuses, same, sizes
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import GRU, LSTM, RNN, LSTMState, Network, RNNParams, Stepwise, gradients


class MyRNN(Stepwise):
    """The simple RNN, derivative by hand."""

    def init(self, rng, n_x, n_s, dtype=np.float64):
        return RNN().init(rng, n_x, n_s, dtype)

    def start(self, params, B):
        return np.zeros((B, len(params.b_s)), params.b_s.dtype)

    def step(self, params, s_prev, x_t):
        return np.tanh(x_t @ params.W_x + s_prev @ params.W_s + params.b_s)

    def vjp(self, params, s_prev, x_t, dE_ds_t):
        delta = dE_ds_t * (1 - self.step(params, s_prev, x_t) ** 2)
        grads = RNNParams(x_t.T @ delta, s_prev.T @ delta, delta.sum(axis=0))
        return grads, delta @ params.W_s.T, delta @ params.W_x.T


class Borrowed(Stepwise):
    """Single steps of a built-in cell, walked through time by `Stepwise`."""

    def __init__(self, cell):
        self.cell = cell

    def start(self, params, B):
        return drawn_zeros(self.cell, B, len(params.b_n), params.b_n.dtype)

    def step(self, params, s_prev, x_t):
        return self.cell.step(params, s_prev, x_t)

    def vjp(self, params, s_prev, x_t, dE_ds_t):
        run = self.cell.forward(params, x_t[None], s_prev)
        grads = self.cell.backward(params, run, dE_dlast=dE_ds_t)
        return grads.params, grads.s_0, grads.x[0]


def drawn_zeros(cell, B, n_s, dtype):
    zeros = np.zeros((B, n_s), dtype)
    return LSTMState(zeros, zeros) if isinstance(cell, LSTM) else zeros


def both(mine, cell, size, with_start):
    """Runs and gradients of a stepwise cell and of the built-in one."""
    rng = size.rng
    params = drawn_params(rng, cell, size.n_x, size.n_s)
    x, dE_ds = drawn(rng, (size.T, size.B, size.n_x)), drawn(rng, (size.T, size.B, size.n_s))
    s_0, last = (drawn_state(rng, cell, size.B, size.n_s) if with_start else None for _ in range(2))
    for one in (mine, cell):
        run = one.forward(params, x, s_0)
        yield run, one.backward(params, run, dE_ds, last)


cells = st.one_of(
    st.just((MyRNN(), RNN())),
    st.sampled_from([LSTM("notes", peepholes=True), GRU(reset="after")]).map(lambda c: (Borrowed(c), c)),
)


@quick
@given(cells, sizes(), st.booleans())
def test_it_equals_the_built_in_cell(pair, size, with_start):
    (run, grads), (run_of_built_in, expected) = both(*pair, size, with_start)
    np.testing.assert_array_equal(run.x, run_of_built_in.x)
    same(run.states, run_of_built_in.states)
    same(run.last, run_of_built_in.last)
    np.testing.assert_allclose(run.output, run_of_built_in.output, atol=1e-12)
    same(grads, expected, rtol=1e-10, atol=1e-10)


def test_nothing_comes_in_from_outside_where_nothing_is_given():
    rng, cell = np.random.default_rng(0), MyRNN()
    params, x = cell.init(rng, 2, 3), rng.standard_normal((4, 2, 2))
    grads = cell.backward(params, cell.forward(params, x))
    assert not any(array.any() for array in (*grads.params, grads.x, grads.s_0, *grads.states))


def test_what_went_in_is_left_as_it_was():
    rng, cell = np.random.default_rng(0), MyRNN()
    params, x, s_0 = cell.init(rng, 2, 3), rng.standard_normal((4, 2, 2)), rng.standard_normal((2, 3))
    run, last = cell.forward(params, x, s_0), rng.standard_normal((2, 3))
    before = [array.copy() for array in (*params, x, s_0, run.states.s, last)]
    cell.backward(params, run, np.ones((4, 2, 3)), last)
    for array, copy in zip((*params, x, s_0, run.states.s, last), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_it_stacks_and_its_gradient_is_right_in_a_network():
    rng = np.random.default_rng(0)
    network = Network((LSTM(), MyRNN(), MyRNN()), bias_y=True)
    params = network.init(rng, 2, (3, 4, 2), 2)
    assert gradients.check(network, params, rng.standard_normal((4, 2, 2))).passed


def test_its_gradient_is_followed_back_like_any_other():
    rng, mine, cell = np.random.default_rng(0), MyRNN(), RNN()
    params, x = cell.init(rng, 2, 3), rng.standard_normal((6, 2, 2))
    runs = mine.forward(params, x), cell.forward(params, x)
    for measure in (gradients.by_lag, gradients.jacobians):
        found, expected = (measure(c, params, run) for c, run in zip((mine, cell), runs, strict=True))
        np.testing.assert_allclose(found, expected, rtol=1e-10)
    found, expected = (gradients.reach(c, params, run) for c, run in zip((mine, cell), runs, strict=True))
    np.testing.assert_allclose(found.states, expected.states, rtol=1e-10)


def test_float32_stays():
    cell = MyRNN()
    params = cell.init(np.random.default_rng(0), 2, 3, np.float32)
    run = cell.forward(params, np.ones((4, 2, 2)))
    grads = cell.backward(params, run, np.ones((4, 2, 3)))
    assert {array.dtype for array in (run.x, run.output, *grads.params, grads.x)} == {np.dtype(np.float32)}


def test_whole_numbers_as_parameters_do_not_cut_the_inputs():
    mine, cell = MyRNN(), RNN()
    params = RNNParams(np.array([[1, 2]]), np.eye(2, dtype=int), np.zeros(2, int))
    x = np.array([[[0.7]], [[-0.2]]])
    runs = mine.forward(params, x), cell.forward(params, x)
    np.testing.assert_allclose(runs[0].output, runs[1].output)
    found, expected = (
        c.backward(params, run, np.ones((2, 1, 2))) for c, run in zip((mine, cell), runs, strict=True)
    )
    np.testing.assert_allclose(found.params.W_x, expected.params.W_x)
    np.testing.assert_allclose(found.x, expected.x)


class Spread(MyRNN):
    """Forgets to add up over the batch."""

    def vjp(self, params, s_prev, x_t, dE_ds_t):
        grads, *rest = super().vjp(params, s_prev, x_t, dE_ds_t)
        return grads._replace(b_s=np.broadcast_to(grads.b_s, dE_ds_t.shape)), *rest


class Wide(MyRNN):
    """Returns x_t's gradient for that of s_{t-1}."""

    def vjp(self, params, s_prev, x_t, dE_ds_t):
        grads, _, dE_dx = super().vjp(params, s_prev, x_t, dE_ds_t)
        return grads, dE_dx, dE_dx


class Narrow(MyRNN):
    """Returns a state of another shape."""

    def step(self, params, s_prev, x_t):
        return super().step(params, s_prev, x_t)[:, :1]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (Spread(), "∂E/∂params of shapes [(2, 3), (3, 3), (4, 3)]; expected [(2, 3), (3, 3), (3,)]"),
        (Wide(), "vjp returned ∂E/∂s_{t-1} of shapes [(4, 2)]; expected [(4, 3)]"),
        (Narrow(), "step returned s_t of shapes [(4, 1)]; expected [(4, 3)]"),
    ],
)
def test_a_shape_that_would_be_spread_is_refused(cell, message):
    params = cell.init(np.random.default_rng(0), 2, 3)
    with refuses(message):
        cell.backward(params, cell.forward(params, np.ones((5, 4, 2))), np.ones((5, 4, 3)))


def test_refuses_what_no_run_can_be():
    cell = MyRNN()
    params = cell.init(np.random.default_rng(0), 2, 3)
    with refuses("x has shape (5, 2); expected (T, B, n_x)"):
        cell.forward(params, np.ones((5, 2)))
    run = cell.forward(params, np.ones((5, 4, 2)))
    with refuses("dE_ds has shape (4, 4, 3); expected (T, B, n_s) = (5, 4, 3)"):
        cell.backward(params, run, np.ones((4, 4, 3)))
    with refuses("run is of type RNNRun; expected StepwiseRun(x, states)", TypeError):
        cell.backward(params, RNN().forward(params, np.ones((5, 4, 2))))


class Growing(MyRNN):
    """Has no limit."""

    def step(self, params, s_prev, x_t):
        return 1e200 * (s_prev + 1)


def test_an_overflow_is_named():
    cell = Growing()
    params = cell.init(np.random.default_rng(0), 2, 3)
    message = "s[2, 0, 0] is inf; expected finite numbers: the state overflows"
    with np.errstate(over="ignore"), refuses(message, FloatingPointError):
        cell.forward(params, np.ones((5, 4, 2)))
