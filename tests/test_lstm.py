"""The LSTM, gate by gate; what all cells promise is in test_cells.py, PyTorch in test_torch.py."""

import math
import platform
import subprocess
import sys

import numpy as np
import pytest
from cases import drawn, drawn_params, drawn_state, held, lstms, quick, refuses, sizes, thorough
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import GRU, LSTM, LSTMParams, LSTMState, activations, gradients

ZEROS = LSTMParams(*[[[0.0], [0.0]]] * 4, *[[0.0]] * 4)
uses = st.sampled_from(["standard", "notes"])


def sigma(z):
    return 1 / (1 + math.exp(-z))


def random_run(cell, sizes):
    rng = sizes.rng
    params = drawn_params(rng, cell, sizes.n_x, sizes.n_s)
    x, s_0 = drawn(rng, (sizes.T, sizes.B, sizes.n_x)), drawn_state(rng, cell, sizes.B, sizes.n_s)
    return params, cell.forward(params, x, s_0)


def plainly(cell, params, x, s_0):
    """An LSTM with peepholes once more, number by number, without anything of rnnlib's. Returns LTM and STM.

    The use gate sees the memory LTM_t if `sees` is "new", LTM_{t-1} if it is "old".
    """

    def unit(row, W, b, j, peephole=0.0):
        return sum(value * W[k, j] for k, value in enumerate(row)) + b[j] + peephole

    p, (LTM, STM), states = params, ([float(a) for a in part] for part in s_0), []
    for x_t in x:
        row, past = [*STM, *x_t], LTM
        LTM, STM = [0.0] * len(past), [0.0] * len(past)
        for j, c in enumerate(past):
            N = math.tanh(unit(row, p.W_n, p.b_n, j))
            i = sigma(unit(row, p.W_i, p.b_i, j, p.p_i[j] * c))
            f = sigma(unit(row, p.W_f, p.b_f, j, p.p_f[j] * c))
            LTM[j] = f * c + i * N
            V = sigma(unit(row, p.W_v, p.b_v, j, p.p_v[j] * (LTM[j] if cell == "new" else c)))
            STM[j] = V * math.tanh(LTM[j])
        states.append((LTM, STM))
    return np.array(states).swapaxes(0, 1)


class TestByHand:
    """One unit with all weights zero: the biases alone say what each gate does."""

    def run(self, cell, LTM=2.0, T=1, **biases):
        params = ZEROS._replace(**{name: [value] for name, value in biases.items()})
        return cell.forward(params, np.zeros((T, 1, 1)), LSTMState([[LTM]], [[0.5]]))

    def test_every_gate_by_name(self):
        run = self.run(LSTM(), b_n=0.5, b_i=1.0, b_f=-1.0, b_v=2.0)
        values = {"N": math.tanh(0.5), "i": sigma(1), "f": sigma(-1), "V": sigma(2), "kept": 2 * sigma(-1)}
        for name, value in values.items():
            assert getattr(run, name) == pytest.approx(np.array([[[value]]]))
        assert run.LTM[1, 0, 0] == pytest.approx(2 * sigma(-1) + math.tanh(0.5) * sigma(1))
        np.testing.assert_allclose(run.U, np.tanh(run.LTM[1:]))
        assert run.STM[1] == pytest.approx(run.V[0] * run.U[0])

    def test_one_keeps_and_one_admits(self):
        run = self.run(LSTM(hold={"f": 1.0, "i": 0.0}), T=5, b_n=3.0)
        assert run.LTM.ravel().tolist() == [2.0] * 6
        run = self.run(LSTM(hold={"f": 0.0, "i": 1.0}), b_n=3.0)
        assert run.LTM[1, 0, 0] == math.tanh(3)

    def test_the_notes_use_gate_shows_new_information_one_step_later(self):
        for learn in (0.5, -0.5):
            notes = LSTM("notes", hold={"f": 1.0, "i": 1.0, "V": 1.0})
            params = ZEROS._replace(b_n=[learn], W_u=[[1.0]], b_u=[0.0])
            run = notes.forward(params, np.zeros((2, 1, 1)))
            assert run.STM[1:].ravel() == pytest.approx([0, math.tanh(math.tanh(learn))])
            run = self.run(LSTM(hold={"f": 1.0, "i": 1.0, "V": 1.0}), LTM=0.0, T=2, b_n=learn)
            assert run.STM[1, 0, 0] == pytest.approx(math.tanh(math.tanh(learn)))

    def test_far_from_zero_the_gates_neither_overflow_nor_lose_small_values(self):
        with np.errstate(all="raise", under="ignore"):
            run = self.run(LSTM(), b_f=-2000.0, b_i=2000.0, b_v=-30.0)
        assert (run.f.item(), run.i.item()) == (0, 1)
        assert run.V.item() == pytest.approx(math.exp(-30), rel=1e-9)

    def test_the_direct_path_is_the_product_of_forget_factors(self):
        # ten steps with b_f = 0, 1, 5 and nothing but the memory: 0.5^10, 0.73^10, 0.993^10
        for b_f, left in ((0, 0.001), (1, 0.044), (5, 0.935)):
            params = ZEROS._replace(b_f=[float(b_f)])
            run = LSTM().forward(params, np.zeros((10, 1, 1)))
            end = LSTMState([[1.0]], [[0.0]])
            norms = gradients.by_lag(LSTM(), params, run, end)
            assert norms[0] == pytest.approx(sigma(b_f) ** 10)
            assert norms[0] == pytest.approx(left, rel=0.03)


class TestPeepholes:
    def case(self):
        rng, cell = np.random.default_rng(0), LSTM(peepholes=True)
        params = drawn_params(rng, cell, 2, 3)
        return cell, params, rng.standard_normal((6, 1, 2)), drawn_state(rng, cell, 1, 3)

    def found_and(self, sees):
        cell, params, x, s_0 = self.case()
        run = cell.forward(params, x, s_0)
        expected = plainly(sees, params, x[:, 0], [part[0] for part in s_0])
        return np.array([run.LTM[1:, 0], run.STM[1:, 0]]), expected

    def test_equal_a_plain_implementation(self):
        np.testing.assert_allclose(*self.found_and("new"), rtol=1e-12)

    def test_the_use_gate_does_not_see_the_old_memory(self):
        found, wrong = self.found_and("old")
        np.testing.assert_allclose(found[0, 0], wrong[0, 0], rtol=1e-12)  # LTM_1 is not concerned
        assert np.abs(found[1] - wrong[1]).max() > 0.01

    def test_the_gradient_of_p_v_needs_the_new_memory(self):
        cell, params, x, s_0 = self.case()
        assert gradients.check(cell, params, x, s_0).passed

    @pytest.mark.parametrize("use_gate", ["standard", "notes"])
    def test_without_weight_they_change_nothing(self, use_gate):
        rng, plain, peeping = np.random.default_rng(0), LSTM(use_gate), LSTM(use_gate, peepholes=True)
        params, x = plain.init(rng, 2, 3), rng.standard_normal((6, 2, 2))
        blind = params._replace(p_i=np.zeros(3), p_f=np.zeros(3), p_v=np.zeros(3))
        run, same = plain.forward(params, x), peeping.forward(blind, x)
        np.testing.assert_allclose(run.STM, same.STM, rtol=1e-14)

    def test_with_the_notes_use_gate_the_filter_sees_the_new_memory(self):
        cell = LSTM("notes", peepholes=True, hold={"i": 1.0, "f": 1.0})
        params = ZEROS._replace(b_n=[0.5], W_u=[[1.0]], b_u=[0.0], p_i=[0.0], p_f=[0.0], p_v=[1.0])
        run = cell.forward(params, np.zeros((1, 1, 1)), LSTMState([[2.0]], [[0.0]]))
        assert run.V.item() == pytest.approx(sigma(2 + math.tanh(0.5)))
        assert run.U.item() == pytest.approx(math.tanh(2))


class TestHold:
    @quick
    @given(uses, st.booleans(), held("i", "f", "V"), sizes())
    def test_a_held_gate_has_its_value_and_its_weights_no_gradient(self, use_gate, peepholes, hold, sizes):
        cell = LSTM(use_gate, peepholes, hold=hold)
        params, run = random_run(cell, sizes)
        grads = cell.backward(params, run, np.ones_like(run.output)).params
        for gate, value in hold.items():
            assert (getattr(run, gate) == value).all()
            for name in (f"W_{gate.lower()}", f"b_{gate.lower()}", f"p_{gate.lower()}"):
                grad = getattr(grads, name)
                assert grad is None or not grad.any()

    @pytest.mark.parametrize(
        ("hold", "message", "error"),
        [
            ({"N": 1.0}, "hold names the gate 'N'; expected one of V, i, f", ValueError),
            ({"f": 1.5}, "hold['f'] is 1.5; expected a number from 0 to 1", ValueError),
            ({"f": math.nan}, "hold['f'] is nan; expected a number from 0 to 1", ValueError),
            ({"f": "open"}, "hold['f'] is 'open'; expected a number from 0 to 1", ValueError),
            (("f", 1.0), "hold is ('f', 1.0); expected a dict such as {'V': 1.0}", TypeError),
        ],
    )
    def test_refuses(self, hold, message, error):
        with refuses(message, error):
            LSTM(hold=hold)

    def test_choices_are_compared_and_hashed(self):
        assert LSTM(hold={"f": 1.0}) != LSTM()
        assert LSTM(hold={"f": 1.0}) == LSTM(hold={"f": 1.0})
        assert len({LSTM(hold={"f": 1.0}), LSTM(hold={"f": 1.0})}) == 1


@thorough
@given(uses, st.booleans(), sizes(T=5, B=2, n=3))
def test_without_output_activation(use_gate, peepholes, sizes):
    cell = LSTM(use_gate, peepholes, phi=activations.identity)
    params, run = random_run(cell, sizes)
    if use_gate == "standard":
        np.testing.assert_array_equal(run.U, run.LTM[1:])
    start = LSTMState(run.LTM[0].copy(), run.STM[0].copy())
    assert gradients.check(cell, params, run.x, start).passed


@quick
@given(lstms(), sizes(T=5, B=2, n=3))
def test_gradients_of_the_joint_state_are_the_product_of_its_jacobians(cell, sizes):
    params, run = random_run(cell, sizes)
    J, h = gradients.jacobians(cell, params, run), 1e-6

    def moved(by):
        LTM, STM = (part[:-1] + shift for part, shift in zip(run.states, np.split(by, 2), strict=True))
        return np.concatenate(cell.step(params, LSTMState(LTM, STM), run.x), axis=-1)

    for k, shift in enumerate(h * np.eye(2 * sizes.n_s)):
        np.testing.assert_allclose(J[..., k], (moved(shift) - moved(-shift)) / (2 * h), atol=1e-7)
    seed = drawn_state(sizes.rng, cell, sizes.B, sizes.n_s)
    row = np.concatenate(seed, axis=-1)
    states = np.concatenate(cell.backward(params, run, dE_dlast=seed).states, axis=-1)
    for t in range(sizes.T, 0, -1):
        np.testing.assert_allclose(states[t], row, rtol=1e-9, atol=1e-12)
        row = np.einsum("bj,bjk->bk", row, J[t - 1])
    np.testing.assert_allclose(states[0], row, rtol=1e-9, atol=1e-12)


class TestInit:
    def test_forget_bias(self):
        params = LSTM(forget_bias=2.5).init(np.random.default_rng(0), 2, 3)
        assert params.b_f.tolist() == [2.5] * 3
        assert not any(b.any() for b in (params.b_n, params.b_i, params.b_v))
        assert LSTM().init(np.random.default_rng(0), 2, 3).b_f.tolist() == [1.0] * 3

    def test_weights_keep_lengths_on_the_state(self):
        for W in LSTM().init(np.random.default_rng(0), 2, 6)[:4]:
            assert W.shape == (8, 6)
            np.testing.assert_allclose(W[:6] @ W[:6].T, np.eye(6), atol=1e-14)

    def test_only_what_is_used_is_there(self):
        def there(*choices):
            params = LSTM(*choices).init(np.random.default_rng(0), 2, 3)
            return {name for name, W in params._asdict().items() if W is not None}

        always = {"W_n", "W_i", "W_f", "W_v", "b_n", "b_i", "b_f", "b_v"}
        assert there() == always
        assert there("notes") == always | {"W_u", "b_u"}
        assert there("standard", True) == always | {"p_i", "p_f", "p_v"}


class TestBadInput:
    cell = LSTM()
    params = cell.init(np.random.default_rng(0), 2, 3)
    x = np.ones((5, 4, 2))
    run = cell.forward(params, x)

    def test_choices(self):
        with refuses("use_gate is 'note'; expected 'standard' or 'notes'"):
            LSTM("note")
        with refuses("phi is 'tanh'; expected an Activation such as activations.tanh", TypeError):
            LSTM(phi="tanh")

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"W_f": np.zeros((5, 4))}, "W_f has shape (5, 4); expected (n_s + n_x, n_s) = (5, 3)"),
            ({"b_v": np.zeros(2)}, "b_v has shape (2,); expected (n_s,) = (3,)"),
            ({"p_i": np.zeros(3)}, "p_i is an array; expected None for this cell"),
            ({"b_i": None}, "b_i is None; expected an array for this cell"),
        ],
    )
    def test_parameters(self, change, message):
        with refuses(message):
            self.cell.forward(self.params._replace(**change), self.x)

    def test_no_row_for_an_input(self):
        short = LSTMParams(*[np.zeros((3, 3))] * 4, *[np.zeros(3)] * 4)
        with refuses("W_n has shape (3, 3); expected (n_s + n_x, n_s) with n_x >= 1"):
            self.cell.forward(short, self.x)

    def test_states(self):
        for state in (np.zeros((4, 3)), (np.zeros((4, 3)), np.zeros((4, 3)))):
            expected = f"is of type {type(state).__name__}; expected LSTMState(LTM, STM)"
            with refuses(f"s_0 {expected}", TypeError):
                self.cell.forward(self.params, self.x, state)
            with refuses(f"dE_dlast {expected}", TypeError):
                self.cell.backward(self.params, self.run, dE_dlast=state)
        with refuses("s_0.STM has shape (3,); expected (B, n_s) = (4, 3)"):
            self.cell.forward(self.params, self.x, LSTMState(np.zeros((4, 3)), np.zeros(3)))

    @pytest.mark.filterwarnings("error")
    def test_a_state_that_overflows(self):
        cell = LSTM("notes", phi=activations.identity)  # nothing else of an LSTM can grow without bound
        params = ZEROS._replace(W_u=[[1e300]], b_u=[0.0])
        with refuses("STM[1, 0, 0] is inf; expected finite numbers: the state overflows", FloatingPointError):
            cell.forward(params, np.ones((3, 1, 1)), LSTMState([[1e300]], [[0.0]]))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="elsewhere malloc has other rules")
def test_a_training_step_finds_the_memory_of_the_step_before():
    """In a process of its own, since what malloc keeps depends on all that came before."""
    code = """if True:
        import resource
        import numpy as np
        from rnnlib import LSTM
        cell, rng = LSTM(), np.random.default_rng(0)
        params = cell.init(rng, 16, 64, np.float32)
        x, dE_ds = (rng.standard_normal((50, 32, n), np.float32) for n in (16, 64))
        fetched = []
        for _ in range(20):
            cell.backward(params, cell.forward(params, x), dE_ds)
            fetched.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
        print(np.median(np.diff(fetched)))
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 100  # pages; 1,500 when malloc gives the memory back


@pytest.mark.parametrize("kind", [LSTM, GRU])
def test_a_held_gate_stays_where_it_was_checked(kind):
    hold = {"r": 0.5} if kind is GRU else {"f": 0.5}
    cell = kind(hold=hold)
    hold.clear()
    assert len(cell.hold) == 1
