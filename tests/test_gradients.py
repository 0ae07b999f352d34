import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from cases import PHIS, drawn, quick, rnns, sizes
from hypothesis import given
from nbval.plugin import get_sanitize_patterns

from rnnlib import RNN, Feedforward, Network, RNNParams, activations, gradients


@dataclass(frozen=True)
class Broken(RNN):
    """An RNN with one wrong gradient."""

    wrong: str = "W_s"
    factor: float = 1 + 1e-5

    def backward(self, *args, **kwargs):
        grads = super().backward(*args, **kwargs)
        if self.wrong in grads.params._fields:
            bad = {self.wrong: self.factor * getattr(grads.params, self.wrong)}
            return grads._replace(params=grads.params._replace(**bad))
        return grads._replace(**{self.wrong: self.factor * getattr(grads, self.wrong)})


def small_case(cell, seed=0):
    rng = np.random.default_rng(seed)
    return cell.init(rng, 2, 3), rng.standard_normal((4, 2, 2)), rng.standard_normal((2, 3))


class TestCheck:
    @pytest.mark.parametrize("wrong", ["W_x", "W_s", "b_s", "x", "s_0"])
    def test_finds_the_wrong_one(self, wrong):
        params, x, s_0 = small_case(RNN())
        report = gradients.check(Broken(wrong=wrong), params, x, s_0)
        assert not report.passed
        assert [row.name.split(".")[-1] for row in report.rows if not row.passed] == [wrong]

    def test_passes_the_right_one(self):
        params, x, s_0 = small_case(RNN())
        report = gradients.check(RNN(), params, x, s_0)
        assert report.passed
        assert [row.name for row in report.rows] == ["params.W_x", "params.W_s", "params.b_s", "x", "s_0"]
        assert max(row.difference for row in report.rows) < 1e-9

    def test_prints_both_numbers(self):
        params, x, _ = small_case(RNN())
        text = str(gradients.check(Broken(wrong="b_s", factor=2.0), params, x))
        line = next(line for line in text.splitlines() if "b_s" in line)
        place, engine, numeric, difference, kind, verdict = line.rsplit(maxsplit=5)
        assert float(engine) == pytest.approx(2 * float(numeric), rel=1e-6)
        assert float(difference) == pytest.approx(1 / 3, rel=0.1)
        assert (kind, verdict) == ("relative", "WRONG")
        assert place.startswith("params.b_s[")
        assert text.count("ok") == 3

    def test_a_lesson_that_prints_it_is_compared_but_for_the_rounding_of_what_is_right(self):
        params, x, s_0 = small_case(RNN())
        params = params._replace(W_s=np.zeros((3, 3)))
        report = gradients.check(Broken(wrong="x"), params, x, s_0)
        heading, *lines = str(report).splitlines()
        before, *rest = compared(f"{report} \n\nYours:\n{report}\n").splitlines()
        assert before == heading
        kinds = ["absolute" if row.absolute else "relative" for row in report.rows]
        assert set(kinds) == {"absolute", "relative"}
        expected = [f"{row.name} {kind} ok" for row, kind in zip(report.rows, kinds, strict=True)]
        expected[3] = lines[3]
        assert lines[3].endswith("WRONG")
        assert [line.rstrip() for line in rest] == [*expected, "", "Yours:", heading, *expected]

    def test_small_gradients_are_compared_absolutely(self):
        params, x, s_0 = small_case(RNN())
        params = params._replace(W_s=np.zeros((3, 3)))
        rows = {row.name: row for row in gradients.check(RNN(), params, x, s_0).rows}
        assert rows["s_0"].absolute
        assert rows["s_0"].passed
        assert not rows["x"].absolute

    def test_names_the_parts_of_a_network(self):
        network = Network((RNN(), Feedforward()))
        params = network.init(np.random.default_rng(0), 1, 2, 1)
        report = gradients.check(network, params, np.ones((3, 1, 1)), (np.ones((1, 2)), None))
        assert report.passed
        assert [row.name for row in report.rows] == [
            "params.cells[0].W_x", "params.cells[0].W_s", "params.cells[0].b_s",
            "params.cells[1].W_x", "params.cells[1].b_s", "params.W_y", "x", "s_0[0]",
        ]

    @pytest.mark.parametrize("which", ["params.b_s", "x", "s_0"])
    @pytest.mark.parametrize("dtype", [np.float32, int])
    def test_refuses_fewer_digits(self, which, dtype):
        params, x, s_0 = small_case(RNN())
        inputs = {"params": params, "x": x, "s_0": s_0}
        if which == "params.b_s":
            inputs["params"] = params._replace(b_s=params.b_s.astype(dtype))
        else:
            inputs[which] = inputs[which].astype(dtype)
        with pytest.raises(TypeError, match=f"{which} has type {np.dtype(dtype)}; expected float64"):
            gradients.check(RNN(), **inputs)

    def test_changes_nothing(self):
        params, x, s_0 = small_case(RNN())
        before = [a.copy() for a in (*params, x, s_0)]
        gradients.check(RNN(), params, x, s_0)
        for array, copy in zip((*params, x, s_0), before, strict=True):
            np.testing.assert_array_equal(array, copy)


def compared(text):
    """Return what is left of a cell's output when nbval compares it with the stored one."""
    rules = (Path(__file__).parent / "nbval_sanitize.cfg").read_text(encoding="utf-8")
    for regex, replace in get_sanitize_patterns(rules):
        text = re.sub(regex, replace, text)
    return text


def by_jacobians(cell, params, s, seed):
    """Multiply ∂s_t/∂s_{t-1} = diag(phi') W_sᵀ one after the other, for one sequence."""
    row, rows = seed, [seed]
    for s_t in s[:0:-1]:
        row = row @ (np.diag(cell.phi.derivative(s_t)) @ params.W_s.T)
        rows.append(row)
    return np.array(rows[::-1])


class TestByLag:
    @quick
    @given(rnns(), sizes(T=9))
    def test_is_the_product_of_jacobians(self, cell, sizes):
        rng = sizes.rng
        params = cell.init(rng, sizes.n_x, sizes.n_s)
        run = cell.forward(params, drawn(rng, (sizes.T, sizes.B, sizes.n_x)))
        seed = drawn(rng, (sizes.B, sizes.n_s))
        chains = [by_jacobians(cell, params, run.s[:, b], seed[b]) for b in range(sizes.B)]
        expected = np.linalg.norm(chains, axis=2).T
        got = gradients.by_lag(cell, params, run, seed, per_sequence=True)
        assert got.shape == (sizes.T + 1, sizes.B)
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-14)
        joint = gradients.by_lag(cell, params, run, seed)
        np.testing.assert_allclose(joint, np.linalg.norm(expected, axis=1), rtol=1e-10, atol=1e-14)

    @pytest.mark.parametrize("phi", PHIS, ids=lambda phi: phi.name)
    def test_starts_at_one_unless_told_otherwise(self, phi):
        params, x, s_0 = small_case(RNN())
        run = RNN(phi).forward(params, x, s_0)
        assert gradients.by_lag(RNN(phi), params, run)[-1] == pytest.approx(1)
        np.testing.assert_allclose(gradients.by_lag(RNN(phi), params, run, per_sequence=True)[-1], 1)

    def test_orthogonal_linear_net_keeps_everything(self):
        cell = RNN(activations.identity)
        params, x, s_0 = small_case(cell)
        np.testing.assert_allclose(gradients.by_lag(cell, params, cell.forward(params, x, s_0)), 1)

    def test_without_memory_nothing_goes_back(self):
        cell = Feedforward()
        params, x, s_0 = small_case(cell)
        run = cell.forward(params, x, s_0)
        np.testing.assert_allclose(gradients.by_lag(cell, params, run), [0, 0, 0, 0, 1])

    def test_takes_one_backward_pass(self):
        calls = []

        class Counting(RNN):
            def backward(self, *args, **kwargs):
                calls.append(1)
                return super().backward(*args, **kwargs)

        params, x, _ = small_case(RNN())
        gradients.by_lag(Counting(), params, RNN().forward(params, x))
        assert calls == [1]

    def test_float32_is_followed_in_float64(self):
        params = RNNParams(*(np.float32(a) for a in ([[0.0]], [[0.1]], [0.0])))
        run = RNN().forward(params, np.zeros((60, 1, 1)))
        norms = gradients.by_lag(RNN(), params, run)
        assert norms.dtype == np.float64
        np.testing.assert_allclose(norms, np.float64(np.float32(0.1)) ** np.arange(60, -1, -1.0), rtol=1e-12)

    @pytest.mark.filterwarnings("error")
    def test_what_vanishes_is_zero_and_never_nan(self):
        norms = gradients.by_lag(RNN(), *linear(0.1, 500))
        assert norms[0] == 0
        assert np.all(np.diff(norms) >= 0)
        assert norms[200] == pytest.approx(1e-300, rel=1e-9)

    @pytest.mark.filterwarnings("error")
    def test_large_norms_do_not_overflow_when_squared(self):
        assert gradients.by_lag(RNN(), *linear(10.0, 300))[0] == pytest.approx(1e300, rel=1e-9)

    @pytest.mark.filterwarnings("error")
    def test_what_explodes_past_all_numbers_is_an_error(self):
        with pytest.raises(FloatingPointError, match="exploded at lag 309: ∂E_N/∂s_91 overflows, N = 400"):
            gradients.by_lag(RNN(), *linear(10.0, 400))


def linear(w, N):
    """One unit at rest: every step multiplies the gradient by w."""
    params = RNNParams(np.zeros((1, 1)), np.full((1, 1), w), np.zeros(1))
    return params, RNN().forward(params, np.zeros((N, 1, 1)))
