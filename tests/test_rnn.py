"""The cells: the engine, the repeated step and differences of the error are three witnesses."""

import numpy as np
import pytest
from cases import CELLS, PHIS, cells, drawn, quick, refuses, repeated_step, sizes, tame, thorough
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import RNN, Feedforward, RNNParams, activations, gradients, mask_from_lengths, squared_error
from rnnlib.cells import FeedforwardParams

both_types = st.sampled_from([np.float32, np.float64])
TOLERANCE = {np.float32: 2e-5, np.float64: 1e-13}


def random_cell(cell, sizes, dtype=np.float64):
    """Parameters, inputs, an initial state and a gradient from above."""
    rng = sizes.rng
    params = cell.init(rng, sizes.n_x, sizes.n_s, dtype)
    params = params._replace(b_s=drawn(rng, sizes.n_s, dtype))
    x, s_0 = drawn(rng, (sizes.T, sizes.B, sizes.n_x), dtype), drawn(rng, (sizes.B, sizes.n_s), dtype)
    return params, x, s_0, drawn(rng, (sizes.T, sizes.B, sizes.n_s), dtype)


class TestForward:
    @quick
    @given(cells(), sizes(T=12), both_types, st.booleans())
    def test_is_the_repeated_step(self, cell, sizes, dtype, zero_start):
        params, x, s_0, _ = random_cell(cell, sizes, dtype)
        run = cell.forward(params, x, None if zero_start else s_0)
        expected = repeated_step(cell, params, x, np.zeros_like(s_0) if zero_start else s_0)
        assert run.s.dtype == expected.dtype == dtype
        scale = max(1, np.abs(expected).max())
        np.testing.assert_allclose(run.s, expected, rtol=0, atol=TOLERANCE[dtype] * scale)

    def test_whole_numbers_by_hand(self):
        params = RNNParams([[2]], [[3]], [1])
        run = RNN(activations.identity).forward(params, np.reshape([1, 0, 2], (3, 1, 1)), [[1]])
        assert run.s.ravel().tolist() == [1, 6, 19, 62]

    @quick
    @given(cells(), sizes(T=9), st.data())
    def test_can_go_on_from_its_last_state(self, cell, sizes, data):
        params, x, s_0, _ = random_cell(cell, sizes)
        cut = data.draw(st.integers(1, sizes.T))
        whole, first = cell.forward(params, x, s_0), cell.forward(params, x[:cut], s_0)
        np.testing.assert_array_equal(first.last, whole.s[cut])
        if cut < sizes.T:
            second = cell.forward(params, x[cut:], first.last)
            np.testing.assert_allclose(second.s, whole.s[cut:], rtol=1e-12, atol=1e-12)

    def test_names_of_the_run(self):
        cell = RNN()
        run = cell.forward(cell.init(np.random.default_rng(0), 2, 3), np.ones((4, 1, 2)))
        np.testing.assert_array_equal(run.output, run.s[1:])
        np.testing.assert_array_equal(run.last, run.s[4])
        assert run.states.s is run.s

    def test_feedforward_has_no_memory(self):
        cell, rng = Feedforward(), np.random.default_rng(0)
        params, x = cell.init(rng, 2, 3), rng.standard_normal((5, 2, 2))
        alone = cell.forward(params, x[3:4])
        np.testing.assert_allclose(cell.forward(params, x).output[3:4], alone.output, rtol=1e-14)


class TestBackward:
    @thorough
    @given(cells(), sizes(T=6, B=3, n=3), st.booleans(), st.data())
    def test_is_the_difference_quotient(self, cell, sizes, zero_start, data):
        params, x, s_0, d = random_cell(cell, sizes)
        if cell.phi.name == "relu":
            params = tame(sizes.rng, params)
        lengths = data.draw(st.lists(st.integers(1, sizes.T), min_size=sizes.B, max_size=sizes.B))
        mask = mask_from_lengths(lengths, sizes.T)
        start = None if zero_start else s_0
        report = gradients.check(cell, params, x, start, lambda s: squared_error(s, d, mask))
        assert report.passed, f"{cell}\n{report}"

    @quick
    @given(cells(), sizes())
    def test_float32_is_the_rounded_float64(self, cell, sizes):
        params, x, s_0, dE_ds = random_cell(cell, sizes, np.float32)
        if cell.phi.name == "relu":
            params = as_type(np.float32, tame(sizes.rng, params))
        single = cell.backward(params, cell.forward(params, x, s_0), dE_ds)
        wide = as_type(np.float64, params)
        double = cell.backward(wide, cell.forward(wide, x, s_0), dE_ds)
        for a, b in zip((*single.params, *single[1:3]), (*double.params, *double[1:3]), strict=True):
            assert (a.dtype, b.dtype) == (np.float32, np.float64)
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-4 * max(1, np.abs(b).max()))

    @quick
    @given(cells(), sizes())
    def test_unequal_lengths_are_the_sequences_one_by_one(self, cell, sizes):
        params, x, s_0, d = random_cell(cell, sizes)
        lengths = sizes.rng.integers(1, sizes.T + 1, sizes.B)
        run = cell.forward(params, x, s_0)
        E, dE_ds = squared_error(run.output, d, mask_from_lengths(lengths, sizes.T))
        together = cell.backward(params, run, dE_ds)
        E_alone, alone = 0, [np.zeros_like(W) for W in params]
        for b, length in enumerate(lengths):
            one = cell.forward(params, x[:length, b : b + 1], s_0[b : b + 1])
            E_b, dE_ds_b = squared_error(one.output, d[:length, b : b + 1])
            E_alone += E_b / sizes.B
            grads = cell.backward(params, one, dE_ds_b)
            alone = [total + grad / sizes.B for total, grad in zip(alone, grads.params, strict=True)]
            np.testing.assert_allclose(together.x[:length, b], grads.x[:, 0] / sizes.B, rtol=1e-9, atol=1e-11)
            assert not together.x[length:, b].any()
        assert pytest.approx(E_alone) == E
        for a, b in zip(together.params, alone, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9 * max(1, np.abs(b).max()))

    @quick
    @given(cells(), sizes())
    def test_a_gradient_can_enter_at_the_last_state(self, cell, sizes):
        params, x, s_0, dE_ds = random_cell(cell, sizes)
        run, dE_dlast = cell.forward(params, x, s_0), drawn(sizes.rng, s_0.shape)
        both = dE_ds.copy()
        both[-1] += dE_dlast
        same(cell.backward(params, run, dE_ds, dE_dlast), cell.backward(params, run, both))
        only = np.zeros_like(dE_ds)
        only[-1] = dE_dlast
        same(cell.backward(params, run, dE_dlast=dE_dlast), cell.backward(params, run, only))

    @quick
    @given(cells(), sizes(T=9), st.data())
    def test_two_halves_make_the_whole(self, cell, sizes, data):
        params, x, s_0, dE_ds = random_cell(cell, sizes._replace(T=sizes.T + 1))
        cut = data.draw(st.integers(1, sizes.T))
        first = cell.forward(params, x[:cut], s_0)
        second = cell.forward(params, x[cut:], first.last)
        late = cell.backward(params, second, dE_ds[cut:])
        early = cell.backward(params, first, dE_ds[:cut], dE_dlast=late.s_0)
        whole = cell.backward(params, cell.forward(params, x, s_0), dE_ds)
        for a, b, c in zip(whole.params, early.params, late.params, strict=True):
            np.testing.assert_allclose(a, b + c, rtol=1e-9, atol=1e-9 * max(1, np.abs(a).max()))
        for states in (early.states.s[cut], late.s_0 + dE_ds[cut - 1]):
            np.testing.assert_allclose(whole.states.s[cut], states, rtol=1e-9, atol=1e-9)

    def test_of_three_steps_by_hand(self):
        # s_t = w s_{t-1} + x_t with w = 2, x = 1, 1, 1, s_0 = 0: ds_3/dw = 5 (and not 7).
        cell, params = RNN(activations.identity), RNNParams([[1]], [[2]], [0])
        run = cell.forward(params, np.ones((3, 1, 1)))
        grads = cell.backward(params, run, dE_dlast=[[1]])
        assert grads.params == RNNParams([[7]], [[5]], [7])
        assert grads.states.s.ravel().tolist() == [8, 4, 2, 1]
        assert grads.x.ravel().tolist() == [4, 2, 1]
        assert grads.s_0.tolist() == [[8]]

    @pytest.mark.parametrize("kind", CELLS)
    def test_gradients_have_the_type_and_shape_of_what_they_belong_to(self, kind):
        cell, rng = kind(), np.random.default_rng(0)
        params, x = cell.init(rng, 2, 3), rng.standard_normal((5, 4, 2))
        run = cell.forward(params, x)
        grads = cell.backward(params, run, run.output)
        assert type(grads.params) is type(params)
        assert [g.shape for g in grads.params] == [w.shape for w in params]
        assert grads.x.shape == x.shape
        assert grads.s_0.shape == (4, 3)
        assert type(grads.states) is type(run.states)
        assert grads.states.s.shape == run.s.shape


@pytest.mark.parametrize("phi", PHIS, ids=lambda phi: phi.name)
@pytest.mark.parametrize("kind", CELLS)
def test_nothing_is_changed_in_place(kind, phi):
    cell, rng = kind(phi), np.random.default_rng(0)
    params, x, s_0 = cell.init(rng, 2, 3), rng.standard_normal((5, 4, 2)), rng.standard_normal((4, 3))
    dE_ds, dE_dlast = rng.standard_normal((5, 4, 3)), rng.standard_normal((4, 3))
    run = cell.forward(params, x, s_0)
    arrays = [*params, x, s_0, dE_ds, dE_dlast, run.s]
    before = [array.copy() for array in arrays]
    cell.backward(params, run, dE_ds, dE_dlast)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


class TestTypes:
    """The parameters decide; see `rnnlib._check`."""

    cell = RNN()

    def run(self, params_type, x_type, s_type=np.float64):
        params = self.cell.init(np.random.default_rng(0), 2, 3, params_type)
        run = self.cell.forward(params, np.ones((4, 1, 2), x_type), np.ones((1, 3), s_type))
        grads = self.cell.backward(params, run, np.ones((4, 1, 3), s_type))
        return {a.dtype for a in (run.x, run.s, *grads.params, grads.x, grads.s_0)}

    def test_float32_parameters_round_float64_data(self):
        assert self.run(np.float32, np.float64) == {np.dtype(np.float32)}

    def test_float64_parameters_widen_float32_data(self):
        assert self.run(np.float64, np.float32, np.float32) == {np.dtype(np.float64)}

    @pytest.mark.parametrize("dtype", [int, bool, np.float16])
    def test_other_data_follow_the_parameters(self, dtype):
        assert self.run(np.float32, dtype, dtype) == {np.dtype(np.float32)}
        assert self.run(np.float64, dtype, dtype) == {np.dtype(np.float64)}

    def test_integer_parameters_compute_in_float64(self):
        run = self.cell.forward(RNNParams([[1, 0]], [[1, 0], [0, 1]], [0, 0]), np.ones((2, 1, 1), np.float32))
        assert run.s.dtype == np.float64


class TestInit:
    def test_same_seed_same_numbers(self):
        a, b = (RNN().init(np.random.default_rng(3), 2, 4) for _ in range(2))
        same(a, b)

    def test_state_matrix_keeps_lengths(self):
        W_s = RNN().init(np.random.default_rng(0), 2, 6).W_s
        np.testing.assert_allclose(W_s @ W_s.T, np.eye(6), atol=1e-14)

    def test_spread_of_the_input_matrix(self):
        W_x = RNN().init(np.random.default_rng(0), 200, 300).W_x
        assert W_x.std() == pytest.approx(np.sqrt(2 / 500), rel=0.02)

    @pytest.mark.parametrize("kind", CELLS)
    def test_type(self, kind):
        assert {W.dtype for W in kind().init(np.random.default_rng(0), 2, 3, np.float32)} == {np.dtype("f4")}

    @pytest.mark.parametrize("kind", CELLS)
    @pytest.mark.parametrize("dtype", [int, np.float16, complex])
    def test_bad_type(self, kind, dtype):
        with refuses(f"dtype is {np.dtype(dtype)}; expected float32 or float64", TypeError):
            kind().init(np.random.default_rng(0), 2, 3, dtype)

    @pytest.mark.parametrize("kind", CELLS)
    @pytest.mark.parametrize("phi", ["tanh", np.tanh])
    def test_bad_activation(self, kind, phi):
        with refuses(f"phi is {phi!r}; expected an Activation such as activations.tanh", TypeError):
            kind(phi)

    @pytest.mark.parametrize("kind", CELLS)
    def test_bad_sizes(self, kind):
        with pytest.raises(ValueError, match="n_s is 0; expected a whole number >= 1"):
            kind().init(np.random.default_rng(0), 2, 0)


class TestBadInput:
    """Each fault is named, with what came and what was expected."""

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

    @pytest.mark.parametrize(
        ("x", "message"),
        [
            (np.ones((5, 3)), "x has shape (5, 3); expected (T, B, n_x) = (any, any, 3)"),
            (np.ones((5, 2, 4)), "x has shape (5, 2, 4); expected (T, B, n_x) = (any, any, 3)"),
            (np.ones((0, 2, 3)), "x has shape (0, 2, 3); expected (T, B, n_x) = (any, any, 3), nothing"),
            (np.full((5, 2, 3), np.nan), "x[0, 0, 0] is nan; expected finite numbers"),
        ],
    )
    def test_inputs(self, x, message):
        with refuses(message):
            self.cell.forward(self.params, x)

    @pytest.mark.parametrize("dtype", [complex, object])
    def test_types(self, dtype):
        with pytest.raises(TypeError, match=r"x has type (complex128|object); expected real numbers"):
            self.cell.forward(self.params, self.x.astype(dtype))

    def test_initial_state(self):
        with refuses("s_0 has shape (4,); expected (B, n_s) = (2, 4)"):
            self.cell.forward(self.params, self.x, np.zeros(4))

    def test_gradients_from_above(self):
        with refuses("dE_ds has shape (6, 2, 4); expected (T, B, n_s) = (5, 2, 4)"):
            self.cell.backward(self.params, self.run, self.run.s)
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


def as_type(dtype, params):
    return type(params)(*(array.astype(dtype) for array in params))


def same(a, b):
    """Assert that two nested tuples hold equal arrays."""
    assert type(a) is type(b)
    if not isinstance(a, tuple):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)
        return
    for one, other in zip(a, b, strict=True):
        same(one, other)
