"""Convolution on frames, by hand; what all cells promise is in test_cells.py, PyTorch in test_torch.py."""

import numpy as np
import pytest
from cases import convs, drawn, drawn_params, quick, refuses, sizes
from hypothesis import given

from rnnlib import LSTM, RNN, Conv, ConvParams, Network, activations, gradients, squared_error

LINE = activations.identity
FRAME = np.reshape([1, 2, 3, 4, 5, 6, 7, 8, 9], (1, 1, 9))


def one_kernel(W, b=0):
    return ConvParams(np.reshape(W, (*np.shape(W), 1, 1)), [b])


class TestByHand:
    def test_whole_numbers(self):
        run = Conv((3, 3), 1, size=2, pool=1, phi=LINE).forward(one_kernel([[1, 2], [0, -1]], 10), FRAME)
        assert run.a.shape == (1, 1, 2, 2, 1)
        expected = [1 + 4 - 5 + 10, 2 + 6 - 6 + 10, 4 + 10 - 8 + 10, 5 + 12 - 9 + 10]
        assert run.output.ravel().tolist() == expected

    def test_pooling(self):
        kernel = one_kernel([[1, 0], [0, 0]])
        for pooling, expected in (("max", 5), ("mean", 3)):
            run = Conv((3, 3), 1, 2, 2, pooling, LINE).forward(kernel, FRAME)
            assert run.output.item() == expected

    def test_what_does_not_fill_a_square_is_left_out(self):
        cell = Conv((3, 3), 1, size=1, pool=2, phi=LINE)
        run = cell.forward(one_kernel([[1]]), FRAME)
        assert run.output.ravel().tolist() == [5]
        dx = cell.backward(one_kernel([[1]]), run, [[[2]]]).x
        assert dx.ravel().tolist() == [0, 0, 0, 0, 2, 0, 0, 0, 0]

    def test_maps_stand_side_by_side_for_each_pixel(self):
        cell = Conv((1, 2, 2), 3, 1, 1, phi=LINE)
        W_x = np.reshape([[1, 0, 2], [0, 1, 3]], (1, 1, 2, 3))
        run = cell.forward(ConvParams(W_x, [0, 0, 0]), np.reshape([1, 10, 2, 20], (1, 1, 4)))
        assert run.output.ravel().tolist() == [1, 10, 32, 2, 20, 64]

    @pytest.mark.parametrize(("square", "first"), [([1, 7, 7, 7], 1), ([5, 5, 5, 5], 0), ([1, 2, 3, 3], 2)])
    def test_the_gradient_goes_to_the_first_largest(self, square, first):
        cell, params = Conv((2, 2), 1, 1, 2, phi=LINE), one_kernel([[3]])
        run = cell.forward(params, np.reshape(square, (1, 1, 4)))
        grads = cell.backward(params, run, [[[2]]])
        assert grads.x.ravel().tolist() == [6.0 * (i == first) for i in range(4)]
        assert grads.params.W_x.item() == 2 * square[first]
        assert grads.params.b_s.item() == 2

    def test_the_gradient_is_shared_by_a_mean(self):
        cell, params = Conv((2, 2), 1, 1, 2, "mean", LINE), one_kernel([[3]])
        grads = cell.backward(params, cell.forward(params, np.reshape([1, 2, 3, 6], (1, 1, 4))), [[[2]]])
        assert grads.x.ravel().tolist() == [1.5] * 4
        assert grads.params.W_x.item() == 6


def test_it_has_no_memory():
    cell, rng = Conv((5, 4)), np.random.default_rng(0)
    params, x = cell.init(rng), rng.standard_normal((6, 2, 20))
    alone = cell.forward(params, x[3:4, 1:])
    np.testing.assert_allclose(cell.forward(params, x).output[3:4, 1:], alone.output, rtol=1e-13)


def test_a_thing_that_moves_moves_in_the_maps():
    rng, cell = np.random.default_rng(0), Conv((8, 8), pool=1)
    params, frame = cell.init(rng), np.zeros((8, 8))
    frame[2:5, 2:5] = rng.standard_normal((3, 3))
    both = np.stack([frame, np.roll(frame, (1, 1), (0, 1))]).reshape(2, 1, 64)
    first, second = cell.forward(params, both).a[:, 0]
    np.testing.assert_allclose(second[1:, 1:], first[:-1, :-1], rtol=1e-13, atol=1e-15)
    assert first.any()


def test_the_spread_of_the_kernels():
    W_x = Conv((20, 20, 30), kernels=40, size=5).init(np.random.default_rng(0)).W_x
    assert W_x.shape == (5, 5, 30, 40)
    assert W_x.std() == pytest.approx(np.sqrt(2 / (25 * 30 + 40)), rel=0.02)


@quick
@given(convs(), sizes())
def test_what_comes_out_has_the_sizes_it_announces(cell, sizes):
    params = drawn_params(sizes.rng, cell, None, None)
    run = cell.forward(params, drawn(sizes.rng, (sizes.T, sizes.B, cell.n_x)))
    assert run.output.shape == (sizes.T, sizes.B, cell.n_s)
    assert np.prod(cell.out_frame) == cell.n_s
    next_one = Conv(cell.out_frame, kernels=3, size=1, pool=1)
    assert next_one.forward(next_one.init(sizes.rng), run.output).output.shape[-1] == next_one.n_s


def test_a_larger_frame_has_the_right_gradients():
    cell, rng = Conv((9, 11, 2), kernels=3, size=3, pool=3), np.random.default_rng(1)
    params = drawn_params(rng, cell, None, None)
    x, d = rng.standard_normal((2, 3, cell.n_x)), rng.standard_normal((2, 3, cell.n_s))
    report = gradients.check(cell, params, x, loss=lambda s: squared_error(s, d), h=1e-5)
    assert report.passed, report


class TestBadInput:
    cell = Conv((6, 5), kernels=2)
    params = cell.init(np.random.default_rng(0))
    run = cell.forward(params, np.ones((4, 2, 30)))

    @pytest.mark.parametrize(
        ("choices", "message"),
        [
            ({"frame": (6, 0)}, "frame[1] is 0; expected a whole number >= 1"),
            ({"frame": (6, 6.0)}, "frame[1] is 6.0; expected a whole number >= 1"),
            ({"frame": (6, 6), "kernels": 0}, "kernels is 0; expected a whole number >= 1"),
            ({"frame": (6, 6), "pool": True}, "pool is True; expected a whole number >= 1"),
            ({"frame": (6, 6), "pooling": "min"}, "pooling is 'min'; expected 'max' or 'mean'"),
            ({"frame": (3, 9)}, "frame is (3, 9); expected at least 4 pixels a side"),
        ],
    )
    def test_choices(self, choices, message):
        with refuses(message):
            Conv(**choices)

    @pytest.mark.parametrize("frame", [36, (36,), [6, 6], (6, 6, 1, 1)])
    def test_frame(self, frame):
        with refuses(f"frame is {frame!r}; expected (H, W) or (H, W, channels)", TypeError):
            Conv(frame)

    def test_activation(self):
        with refuses("phi is 'relu'; expected an Activation such as activations.tanh", TypeError):
            Conv((6, 6), phi="relu")

    def test_sizes_that_the_choices_do_not_have(self):
        assert self.cell.init(np.random.default_rng(0), 30, 4).W_x.shape == (3, 3, 1, 2)
        with refuses("n_x is 31; expected 30, which follows from Conv(frame=(6, 5), kernels=2,"):
            self.cell.init(np.random.default_rng(0), 31)
        with refuses("n_s is 7; expected 4, which follows from Conv(frame=(6, 5), kernels=2,"):
            Network((self.cell, LSTM())).init(np.random.default_rng(0), 30, 7, 1)

    @pytest.mark.parametrize(
        ("x", "message"),
        [
            (np.ones((4, 2, 29)), "x has shape (4, 2, 29); expected (T, B, n_x) = (any, any, 30)"),
            (np.ones((4, 2, 6, 5)), "x has shape (4, 2, 6, 5); expected (T, B, n_x) = (any, any, 30)"),
            (np.ones((0, 2, 30)), "x has shape (0, 2, 30); expected (T, B, n_x) = (any, any, 30), nothing"),
            (np.full((4, 2, 30), np.nan), "x[0, 0, 0] is nan; expected finite numbers"),
        ],
    )
    def test_inputs(self, x, message):
        with refuses(message):
            self.cell.forward(self.params, x)

    def test_state(self):
        with refuses("s_0 has shape (4,); expected (B, n_s) = (2, 4)"):
            self.cell.forward(self.params, np.ones((4, 2, 30)), np.zeros(4))

    def test_parameters(self):
        cell, x = self.cell, self.run.x
        for call in (lambda p: cell.forward(p, x), lambda p: cell.backward(p, self.run)):
            with refuses("W_x has shape (2, 2, 1, 2); expected (size, size, channels, kernels) = (3, 3, "):
                call(self.params._replace(W_x=np.ones((2, 2, 1, 2))))
            with refuses("b_s has shape (3,); expected (kernels,) = (2,)"):
                call(self.params._replace(b_s=np.ones(3)))
            with refuses("b_s[1] is inf; expected finite numbers"):
                call(self.params._replace(b_s=[0, np.inf]))
            with refuses("params is of type tuple; expected ConvParams(W_x, b_s)", TypeError):
                call(tuple(self.params))

    def test_run_of_another_cell(self):
        of_rnn = RNN().forward(RNN().init(np.random.default_rng(0), 30, 4), self.run.x)
        with refuses("run is of type RNNRun; expected ConvRun(x, a, s)", TypeError):
            self.cell.backward(self.params, of_rnn)
        other = Conv((6, 5), kernels=2, pool=1)
        with refuses("run.s has shape (5, 2, 4); expected (T+1, B, n_s) = (5, 2, 24)"):
            other.backward(self.params, self.run)
        turned = Conv((5, 6), kernels=2)
        with refuses("run.a has shape (4, 2, 4, 3, 2); expected (T, B, H', W', kernels) = (4, 2, 3, 4, 2)"):
            turned.backward(self.params, self.run)
        wider = Conv((6, 6), kernels=2)
        with refuses("run.x has shape (4, 2, 30); expected (T, B, n_x) = (any, any, 36)"):
            wider.backward(self.params, self.run)

    def test_gradient_from_above(self):
        with refuses("dE_ds has shape (4, 2, 3); expected (T, B, n_s) = (4, 2, 4)"):
            self.cell.backward(self.params, self.run, np.ones((4, 2, 3)))

    @pytest.mark.filterwarnings("error")
    def test_a_state_that_overflows(self):
        params = self.params._replace(W_x=np.full((3, 3, 1, 2), 1e300))
        with refuses("s[1, 0, 0] is inf; expected finite numbers: the state overflows", FloatingPointError):
            self.cell.forward(params, np.full((4, 2, 30), 1e10))
