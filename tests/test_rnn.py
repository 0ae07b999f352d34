"""The simple RNN and the feedforward layer, by hand; what all cells promise is in test_cells.py."""

import numpy as np
import pytest
from cases import refuses

from rnnlib import RNN, Feedforward, RNNParams, activations
from rnnlib.cells import FeedforwardParams

simple_cells = pytest.mark.parametrize("kind", [RNN, Feedforward])


def test_whole_numbers_by_hand():
    params = RNNParams([[2]], [[3]], [1])
    run = RNN(activations.identity).forward(params, np.reshape([1, 0, 2], (3, 1, 1)), [[1]])
    assert run.s.ravel().tolist() == [1, 6, 19, 62]


def test_of_three_steps_by_hand():
    # s_t = w s_{t-1} + x_t with w = 2, x = 1, 1, 1, s_0 = 0: ds_3/dw = 5 (and not 7).
    cell, params = RNN(activations.identity), RNNParams([[1]], [[2]], [0])
    run = cell.forward(params, np.ones((3, 1, 1)))
    grads = cell.backward(params, run, dE_dlast=[[1]])
    assert grads.params == RNNParams([[7]], [[5]], [7])
    assert grads.states.s.ravel().tolist() == [8, 4, 2, 1]
    assert grads.x.ravel().tolist() == [4, 2, 1]
    assert grads.s_0.tolist() == [[8]]


def test_feedforward_has_no_memory():
    cell, rng = Feedforward(), np.random.default_rng(0)
    params, x = cell.init(rng, 2, 3), rng.standard_normal((5, 2, 2))
    alone = cell.forward(params, x[3:4])
    np.testing.assert_allclose(cell.forward(params, x).output[3:4], alone.output, rtol=1e-14)


class TestInit:
    def test_state_matrix_keeps_lengths(self):
        W_s = RNN().init(np.random.default_rng(0), 2, 6).W_s
        np.testing.assert_allclose(W_s @ W_s.T, np.eye(6), atol=1e-14)

    def test_spread_of_the_input_matrix(self):
        W_x = RNN().init(np.random.default_rng(0), 200, 300).W_x
        assert W_x.std() == pytest.approx(np.sqrt(2 / 500), rel=0.02)

    @simple_cells
    @pytest.mark.parametrize("phi", ["tanh", np.tanh])
    def test_bad_activation(self, kind, phi):
        with refuses(f"phi is {phi!r}; expected an Activation such as activations.tanh", TypeError):
            kind(phi)


class TestBadInput:
    cell = RNN()
    params = cell.init(np.random.default_rng(0), 3, 4)
    x = np.ones((5, 2, 3))
    run = cell.forward(params, x)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"W_s": np.zeros((4, 5))}, "W_s has shape (4, 5); expected (n_s, n_s) = (4, 4)"),
            ({"W_x": np.zeros(3)}, "W_x has shape (3,); expected (n_x, n_s)"),
            ({"b_s": np.zeros((1, 4))}, "b_s has shape (1, 4); expected (n_s,)"),
            ({"W_s": np.full((4, 4), np.inf)}, "W_s[0, 0] is inf; expected finite numbers"),
        ],
    )
    def test_parameters(self, change, message):
        for call in (lambda p: self.cell.forward(p, self.x), lambda p: self.cell.backward(p, self.run)):
            with refuses(message):
                call(self.params._replace(**change))

    def test_states(self):
        with refuses("s_0 has shape (4,); expected (B, n_s) = (2, 4)"):
            self.cell.forward(self.params, self.x, np.zeros(4))
        with refuses("dE_dlast has shape (2, 3); expected (B, n_s) = (2, 4)"):
            self.cell.backward(self.params, self.run, dE_dlast=np.ones((2, 3)))

    def test_run_of_another_cell(self):
        other = self.cell.init(np.random.default_rng(0), 3, 6)
        with refuses("run.s has shape (6, 2, 4); expected (T+1, B, n_s) = (6, 2, 6)"):
            self.cell.backward(other, self.run, np.ones((5, 2, 6)))

    def test_parameters_of_another_cell(self):
        with pytest.raises(TypeError, match="params is of type RNNParams; expected FeedforwardParams"):
            Feedforward().forward(self.params, self.x)
        wide = FeedforwardParams(np.ones((3, 4)), np.ones(3))
        with refuses("b_s has shape (3,); expected (n_s,) = (4,)"):
            Feedforward().forward(wide, self.x)

    @pytest.mark.filterwarnings("error")
    def test_a_state_that_overflows(self):
        params = RNNParams([[1.0]], [[1e10]], [0.0])
        with refuses("s[32, 0, 0] is inf; expected finite numbers", FloatingPointError):
            RNN(activations.identity).forward(params, np.ones((50, 1, 1)))
