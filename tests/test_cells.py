"""What every cell promises. Engine, repeated step and differences of the error are three witnesses."""

import numpy as np
import pytest
from cases import (
    CELLS,
    cells,
    drawn,
    drawn_params,
    drawn_state,
    far_from_ties,
    mapped,
    parts,
    quick,
    refuses,
    repeated_step,
    same,
    sizes,
    sizes_of,
    thorough,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnlib import gradients, mask_from_lengths, squared_error

both_types = st.sampled_from([np.float32, np.float64])
TOLERANCE = {np.float32: 2e-5, np.float64: 1e-13}
every_cell = pytest.mark.parametrize("kind", CELLS)


def random_case(cell, sizes, dtype=np.float64):
    """Parameters, inputs, an initial state and a gradient from above."""
    rng = sizes.rng
    n_x, n_s = sizes_of(cell, sizes.n_x, sizes.n_s)
    params = drawn_params(rng, cell, n_x, n_s, dtype)
    x = drawn(rng, (sizes.T, sizes.B, n_x), dtype)
    s_0 = drawn_state(rng, cell, sizes.B, n_s, dtype)
    return params, x, s_0, drawn(rng, (sizes.T, sizes.B, n_s), dtype)


def small_case(kind):
    """A cell, its parameters, a run of 5 steps and what it was made of."""
    cell, rng = kind(), np.random.default_rng(0)
    params, x, s_0 = cell.init(rng, 2, 3), rng.standard_normal((5, 4, 2)), drawn_state(rng, cell, 4, 3)
    return cell, params, cell.forward(params, x, s_0), x, s_0


def arrays(tree):
    """Every array of nested tuples."""
    if isinstance(tree, tuple):
        return [array for part in tree for array in arrays(part)]
    return [] if tree is None else [tree]


def as_type(dtype, params):
    return type(params)(*(None if array is None else array.astype(dtype) for array in params))


class TestForward:
    @quick
    @given(cells(), sizes(T=12), both_types, st.booleans())
    def test_is_the_repeated_step(self, cell, sizes, dtype, zero_start):
        params, x, s_0, _ = random_case(cell, sizes, dtype)
        run = cell.forward(params, x, None if zero_start else s_0)
        states = repeated_step(cell, params, x, mapped(np.zeros_like, s_0) if zero_start else s_0)
        for found, expected in zip(run.states, states, strict=True):
            assert found.dtype == expected.dtype == dtype
            scale = max(1, np.abs(expected).max())
            np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE[dtype] * scale)

    @quick
    @given(cells(), sizes(T=9), st.data())
    def test_can_go_on_from_its_last_state(self, cell, sizes, data):
        params, x, s_0, _ = random_case(cell, sizes)
        cut = data.draw(st.integers(1, sizes.T))
        whole, first = cell.forward(params, x, s_0), cell.forward(params, x[:cut], s_0)
        for part, states in zip(parts(first.last), whole.states, strict=True):
            np.testing.assert_allclose(part, states[cut], rtol=1e-12, atol=1e-12)
        if cut < sizes.T:
            second = cell.forward(params, x[cut:], first.last)
            for late, states in zip(second.states, whole.states, strict=True):
                np.testing.assert_allclose(late, states[cut:], rtol=1e-12, atol=1e-12)

    @every_cell
    def test_names_of_the_run(self, kind):
        cell, _, run, x, s_0 = small_case(kind)
        np.testing.assert_array_equal(run.x, x)
        np.testing.assert_array_equal(run.output, run.states[-1][1:])
        for part, first, states in zip(parts(run.last), parts(s_0), run.states, strict=True):
            np.testing.assert_array_equal(part, states[5])
            np.testing.assert_array_equal(first, states[0])


class TestBackward:
    @thorough
    @given(cells(), sizes(T=6, B=3, n=3), st.booleans(), st.data())
    def test_is_the_difference_quotient(self, cell, sizes, zero_start, data):
        params, x, s_0, d = random_case(cell, sizes)
        lengths = data.draw(st.lists(st.integers(1, sizes.T), min_size=sizes.B, max_size=sizes.B))
        mask = mask_from_lengths(lengths, sizes.T)
        start = None if zero_start else s_0
        assume(far_from_ties(cell, cell.forward(params, x)))
        report = gradients.check(cell, params, x, start, lambda s: squared_error(s, d, mask), h=2e-4)
        assert report.passed, f"{cell}\n{report}"

    @quick
    @given(cells(), sizes())
    def test_float32_is_the_rounded_float64(self, cell, sizes):
        params, x, s_0, dE_ds = random_case(cell, sizes, np.float32)
        single = cell.backward(params, cell.forward(params, x, s_0), dE_ds)
        wide = as_type(np.float64, params)
        double = cell.backward(wide, cell.forward(wide, x, s_0), dE_ds)
        for a, b in zip(arrays(single), arrays(double), strict=True):
            assert (a.dtype, b.dtype) == (np.float32, np.float64)
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-4 * max(1, np.abs(b).max()))

    @quick
    @given(cells(), sizes())
    def test_unequal_lengths_are_the_sequences_one_by_one(self, cell, sizes):
        params, x, s_0, d = random_case(cell, sizes)
        lengths = sizes.rng.integers(1, sizes.T + 1, sizes.B)
        run = cell.forward(params, x, s_0)
        E, dE_ds = squared_error(run.output, d, mask_from_lengths(lengths, sizes.T))
        together = cell.backward(params, run, dE_ds)
        E_alone, alone = 0, [np.zeros_like(W) for W in arrays(params)]
        for b, length in enumerate(lengths):
            one = cell.forward(params, x[:length, b : b + 1], mapped(lambda part, b=b: part[b : b + 1], s_0))
            E_b, dE_ds_b = squared_error(one.output, d[:length, b : b + 1])
            E_alone += E_b / sizes.B
            grads = cell.backward(params, one, dE_ds_b)
            alone = [total + grad / sizes.B for total, grad in zip(alone, arrays(grads.params), strict=True)]
            np.testing.assert_allclose(together.x[:length, b], grads.x[:, 0] / sizes.B, rtol=1e-9, atol=1e-11)
            assert not together.x[length:, b].any()
        assert pytest.approx(E_alone) == E
        for a, b in zip(arrays(together.params), alone, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9 * max(1, np.abs(b).max()))

    @quick
    @given(cells(), sizes())
    def test_a_gradient_can_enter_at_the_last_state(self, cell, sizes):
        params, x, s_0, dE_ds = random_case(cell, sizes)
        run, dE_dlast = cell.forward(params, x, s_0), drawn_state(sizes.rng, cell, sizes.B, sizes.n_s)
        only_output = mapped(np.zeros_like, dE_dlast)
        parts(only_output)[-1][...] = parts(dE_dlast)[-1]
        both = dE_ds.copy()
        both[-1] += parts(dE_dlast)[-1]
        same(cell.backward(params, run, dE_ds, only_output), cell.backward(params, run, both))
        alone, nothing = cell.backward(params, run, dE_dlast=dE_dlast), cell.backward(params, run)
        assert not any(array.any() for array in arrays(nothing))
        summed = cell.backward(params, run, dE_ds, dE_dlast), cell.backward(params, run, dE_ds)
        for one, two, three in zip(arrays(alone), *map(arrays, summed), strict=True):
            np.testing.assert_allclose(one, two - three, rtol=1e-9, atol=1e-9 * max(1, np.abs(two).max()))

    @quick
    @given(cells(), sizes(T=9), st.data())
    def test_two_halves_make_the_whole(self, cell, sizes, data):
        params, x, s_0, dE_ds = random_case(cell, sizes._replace(T=sizes.T + 1))
        cut = data.draw(st.integers(1, sizes.T))
        first = cell.forward(params, x[:cut], s_0)
        second = cell.forward(params, x[cut:], first.last)
        late = cell.backward(params, second, dE_ds[cut:])
        early = cell.backward(params, first, dE_ds[:cut], dE_dlast=late.s_0)
        whole = cell.backward(params, cell.forward(params, x, s_0), dE_ds)
        for a, b, c in zip(arrays(whole.params), arrays(early.params), arrays(late.params), strict=True):
            np.testing.assert_allclose(a, b + c, rtol=1e-9, atol=1e-9 * max(1, np.abs(a).max()))
        *inner, output = parts(late.s_0)
        at_the_cut = [*inner, output + dE_ds[cut - 1]]
        for there, left, right in zip(whole.states, early.states, at_the_cut, strict=True):
            np.testing.assert_allclose(there[cut], left[cut], rtol=1e-9, atol=1e-9)
            np.testing.assert_allclose(there[cut], right, rtol=1e-9, atol=1e-9)

    @every_cell
    def test_gradients_have_the_type_and_shape_of_what_they_belong_to(self, kind):
        cell, params, run, x, s_0 = small_case(kind)
        grads = cell.backward(params, run, run.output)
        assert type(grads.params) is type(params)
        assert type(grads.s_0) is type(s_0)
        assert type(grads.states) is type(run.states)
        assert grads.x.shape == x.shape
        pairs = ((grads.params, params), (grads.s_0, s_0), (grads.states, run.states))
        for ours, theirs in pairs:
            assert [a.shape for a in arrays(ours)] == [a.shape for a in arrays(theirs)]


@quick
@given(cells(), sizes())
def test_nothing_is_changed_in_place(cell, sizes):
    params, x, s_0, dE_ds = random_case(cell, sizes)
    dE_dlast = drawn_state(sizes.rng, cell, sizes.B, sizes.n_s)
    run = cell.forward(params, x, s_0)
    given_arrays = arrays((params, x, s_0, dE_ds, dE_dlast, run))
    before = [array.copy() for array in given_arrays]
    cell.backward(params, run, dE_ds, dE_dlast)
    for array, copy in zip(given_arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@every_cell
class TestTypes:
    """The parameters decide; see `rnnlib._check`."""

    def types(self, kind, params_type, x_type, s_type=np.float64):
        cell = kind()
        params = cell.init(np.random.default_rng(0), 2, 3, params_type)
        state = drawn_state(np.random.default_rng(0), cell, 1, 3, s_type)
        run = cell.forward(params, np.ones((4, 1, 2), x_type), state)
        grads = cell.backward(params, run, np.ones((4, 1, 3), s_type), state)
        return {a.dtype for a in arrays((tuple(run), run.states, grads))}

    def test_float32_parameters_round_float64_data(self, kind):
        assert self.types(kind, np.float32, np.float64) == {np.dtype(np.float32)}

    def test_float64_parameters_widen_float32_data(self, kind):
        assert self.types(kind, np.float64, np.float32, np.float32) == {np.dtype(np.float64)}

    @pytest.mark.parametrize("dtype", [int, bool, np.float16])
    def test_other_data_follow_the_parameters(self, kind, dtype):
        assert self.types(kind, np.float32, dtype, dtype) == {np.dtype(np.float32)}
        assert self.types(kind, np.float64, dtype, dtype) == {np.dtype(np.float64)}

    def test_integer_parameters_compute_in_float64(self, kind):
        params = as_type(int, kind().init(np.random.default_rng(0), 2, 3, np.float32))
        assert kind().forward(params, np.ones((2, 1, 2), np.float32)).output.dtype == np.float64


@every_cell
class TestInit:
    def test_same_seed_same_numbers(self, kind):
        a, b = (kind().init(np.random.default_rng(3), 2, 4) for _ in range(2))
        same(a, b)

    def test_type(self, kind):
        params = kind().init(np.random.default_rng(0), 2, 3, np.float32)
        assert {W.dtype for W in arrays(params)} == {np.dtype("f4")}

    @pytest.mark.parametrize("dtype", [int, np.float16, complex])
    def test_bad_type(self, kind, dtype):
        with refuses(f"dtype is {np.dtype(dtype)}; expected float32 or float64", TypeError):
            kind().init(np.random.default_rng(0), 2, 3, dtype)

    def test_bad_sizes(self, kind):
        with refuses("n_s is 0; expected a whole number >= 1"):
            kind().init(np.random.default_rng(0), 2, 0)
        with refuses("n_x is 2.0; expected a whole number >= 1"):
            kind().init(np.random.default_rng(0), 2.0, 3)


@every_cell
class TestBadInput:
    """Each fault is named, with what came and what was expected."""

    @pytest.mark.parametrize(
        ("x", "message"),
        [
            (np.ones((5, 2)), "x has shape (5, 2); expected (T, B, n_x) = (any, any, 2)"),
            (np.ones((5, 4, 3)), "x has shape (5, 4, 3); expected (T, B, n_x) = (any, any, 2)"),
            (np.ones((0, 4, 2)), "x has shape (0, 4, 2); expected (T, B, n_x) = (any, any, 2), nothing"),
            (np.full((5, 4, 2), np.nan), "x[0, 0, 0] is nan; expected finite numbers"),
        ],
    )
    def test_inputs(self, kind, x, message):
        cell, params, *_ = small_case(kind)
        with refuses(message):
            cell.forward(params, x)

    @pytest.mark.parametrize("dtype", [complex, object])
    def test_types(self, kind, dtype):
        cell, params, _, x, _ = small_case(kind)
        with pytest.raises(TypeError, match=r"x has type (complex128|object); expected real numbers"):
            cell.forward(params, x.astype(dtype))

    def test_gradients_from_above(self, kind):
        cell, params, run, *_ = small_case(kind)
        with refuses("dE_ds has shape (6, 4, 3); expected (T, B, n_s) = (5, 4, 3)"):
            cell.backward(params, run, run.states[-1])

    def test_parameters(self, kind):
        cell, params, run, x, _ = small_case(kind)
        last = [name for name, W in params._asdict().items() if W is not None][-1]
        for call in (lambda p: cell.forward(p, x), lambda p: cell.backward(p, run)):
            with refuses(f"{last} has shape (4,); expected (n_s,) = (3,)"):
                call(params._replace(**{last: np.zeros(4)}))
            with refuses(f"{last}[1] is inf; expected finite numbers"):
                call(params._replace(**{last: [0, np.inf, 0]}))
            with refuses(f"params is of type tuple; expected {type(params).__name__}(", TypeError):
                call(tuple(params))

    def test_run_of_another_cell(self, kind):
        cell, params, run, *_ = small_case(kind)
        other = cell.init(np.random.default_rng(0), 2, 6)
        with pytest.raises(ValueError, match=r"run\.\w+ has shape \(6, 4, .\); expected \(T\+1, B, "):
            cell.backward(other, run, np.ones((5, 4, 6)))
