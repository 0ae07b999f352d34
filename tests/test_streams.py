"""Cells side by side do what they do alone; in networks they are tested in test_network.py."""

import numpy as np
import pytest
from cases import (
    drawn,
    drawn_params,
    drawn_state,
    mapped,
    output_of,
    parts,
    quick,
    refuses,
    repeated_step,
    same,
    sizes,
    streams,
)
from hypothesis import given

from rnnlib import GRU, LSTM, RNN, Conv, Feedforward, Network, Streams, gradients


def random_case(cell, sizes, dtype=np.float64):
    """Parameters, inputs, an initial state and a gradient from above."""
    rng = sizes.rng
    params, s_0 = drawn_params(rng, cell, None, None, dtype), drawn_state(rng, cell, sizes.B, None, dtype)
    return params, *(drawn(rng, (sizes.T, sizes.B, n), dtype) for n in (cell.n_x, cell.n_s)), s_0


def slices(widths):
    """Where each stream's columns are."""
    ends = np.cumsum(widths)
    return [np.s_[..., end - width : end] for end, width in zip(ends, widths, strict=True)]


@quick
@given(streams(), sizes())
def test_forward_is_the_repeated_step(cell, sizes):
    params, x, _, s_0 = random_case(cell, sizes)
    run, states = cell.forward(params, x, s_0), repeated_step(cell, params, x, s_0)
    same(run.states, states)
    np.testing.assert_allclose(run.output, output_of(states), rtol=1e-12, atol=1e-12)
    for last, of_cell in zip(run.last, states, strict=True):
        for part, over_time in zip(parts(last), of_cell, strict=True):
            np.testing.assert_allclose(part, over_time[-1], rtol=1e-12, atol=1e-12)


@quick
@given(streams(), sizes())
def test_each_cell_does_what_it_does_alone(cell, sizes):
    params, x, dE_ds, s_0 = random_case(cell, sizes)
    dE_dlast = drawn_state(sizes.rng, cell, sizes.B, None)
    run = cell.forward(params, x, s_0)
    grads = cell.backward(params, run, dE_ds, dE_dlast)
    assert grads.x.shape == x.shape
    places = zip(slices(cell.features), slices(cell.units), strict=True)
    for k, (inputs, outputs) in enumerate(places):
        alone = cell.cells[k].forward(params[k], x[inputs], s_0[k])
        np.testing.assert_array_equal(run.output[outputs], alone.output)
        theirs = cell.cells[k].backward(params[k], alone, dE_ds[outputs], dE_dlast[k])
        np.testing.assert_allclose(grads.x[inputs], theirs.x, rtol=1e-12, atol=1e-12)
        for field in ("params", "s_0", "states"):
            same(getattr(grads, field)[k], getattr(theirs, field))


@quick
@given(streams(), sizes())
def test_what_is_not_given_is_zero(cell, sizes):
    params, x, dE_ds, s_0 = random_case(cell, sizes)
    zeros = tuple(mapped(np.zeros_like, state) for state in s_0)
    run = cell.forward(params, x)
    same(run, cell.forward(params, x, zeros))
    same(cell.backward(params, run, dE_ds), cell.backward(params, run, dE_ds, zeros))
    same(cell.backward(params, run), cell.backward(params, run, 0 * dE_ds, zeros))


def test_no_cell_sees_another_stream():
    cell, rng = Streams((RNN(), LSTM()), (2, 3), (4, 5)), np.random.default_rng(0)
    params, x = cell.init(rng), rng.standard_normal((6, 2, 5))
    run = cell.forward(params, x)
    dE_dx = cell.backward(params, run, np.concatenate([np.ones((6, 2, 4)), np.zeros((6, 2, 5))], axis=-1)).x
    assert dE_dx[..., :2].all()
    assert not dE_dx[..., 2:].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_parameters_decide_about_the_type(dtype):
    cell, rng = Streams((Conv((4, 4)), GRU()), (16, 3), (4, 5)), np.random.default_rng(0)
    params = cell.init(rng, dtype=dtype)
    run = cell.forward(params, np.ones((1, 1, 19), int))
    grads = cell.backward(params, run, np.ones((1, 1, 9)))
    assert run.output.dtype == grads.x.dtype == dtype
    assert grads.params[0].W_x.dtype == grads.params[1].W_z.dtype == dtype


class TestBadInput:
    cell = Streams((RNN(), Feedforward()), (2, 3), (4, 5))
    params = cell.init(np.random.default_rng(0))
    x = np.ones((4, 2, 5))
    run = cell.forward(params, x)

    def test_choices(self):
        with refuses("cells is (); expected a tuple of at least one cell", TypeError):
            Streams((), (), ())
        with refuses("features has 1 entries; expected a tuple of 2, one for each cell"):
            Streams((RNN(), RNN()), (2,), (4, 5))
        with refuses("units has int; expected a tuple of 2, one for each cell"):
            Streams((RNN(), RNN()), (2, 3), 4)
        with refuses("units[1] is 0; expected a whole number >= 1"):
            Streams((RNN(), RNN()), (2, 3), (4, 0))

    def test_a_cell_that_fixes_its_sizes(self):
        with refuses("n_s is 5; expected 4, which follows from Conv(frame=(4, 4)"):
            Streams((Conv((4, 4)),), (16,), (5,)).init(np.random.default_rng(0))

    def test_sizes_that_the_choices_do_not_have(self):
        with refuses("n_x is 6; expected 5, which follows from Streams(cells="):
            Network((self.cell,)).init(np.random.default_rng(0), 6, 9, 1)
        with refuses("n_s is 8; expected 9, which follows from Streams(cells="):
            self.cell.init(np.random.default_rng(0), 5, 8)

    def test_arrays(self):
        with refuses("x has shape (4, 2, 6); expected (T, B, n_x) = (any, any, 5)"):
            self.cell.forward(self.params, np.ones((4, 2, 6)))
        with refuses("x[0, 0, 0] is nan; expected finite numbers"):
            self.cell.forward(self.params, np.nan * self.x)
        with refuses("dE_ds has shape (4, 2, 5); expected (T, B, n_s) = (4, 2, 9)"):
            self.cell.backward(self.params, self.run, self.x)

    def test_numbers_of_entries(self):
        with refuses("params has 1 entries; expected a tuple of 2, one for each cell"):
            self.cell.forward(self.params[:1], self.x)
        with refuses("s_0 has ndarray; expected a tuple of 2, one for each cell"):
            self.cell.forward(self.params, self.x, np.zeros((2, 9)))
        with refuses("dE_dlast has 3 entries; expected a tuple of 2, one for each cell"):
            self.cell.backward(self.params, self.run, None, (None,) * 3)

    def test_parameters_of_another_cell(self):
        with refuses("params is of type FeedforwardParams; expected RNNParams(", TypeError):
            self.cell.forward(self.params[::-1], self.x)

    def test_run_of_another_cell(self):
        with refuses("run is of type RNNRun; expected StreamsRun(output, runs)", TypeError):
            self.cell.backward(self.params, self.run.runs[0])
        with refuses("run has 1 entries; expected a tuple of 2, one for each cell"):
            self.cell.backward(self.params, self.run._replace(runs=self.run.runs[:1]))


def test_a_gradient_is_followed_back_through_all_of_them_together():
    cell, rng = Streams((RNN(), LSTM()), (2, 3), (4, 5)), np.random.default_rng(0)
    params = cell.init(rng)
    run = cell.forward(params, rng.standard_normal((6, 2, 5)))
    norms = gradients.by_lag(cell, params, run)
    seed = np.zeros_like(run.output)
    seed[-1] = 1 / np.sqrt(seed[-1].size)
    rnn, lstm = cell.backward(params, run, seed).states
    squares = sum((part**2).sum(axis=(1, 2)) for part in (rnn.s, lstm.LTM, lstm.STM))
    np.testing.assert_allclose(norms, np.sqrt(squares), rtol=1e-12)
