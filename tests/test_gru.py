"""The GRU, gate by gate; what all cells promise is in test_cells.py, PyTorch in test_torch.py."""

import math

import numpy as np
import pytest
from cases import drawn, drawn_params, held, quick, refuses, sizes
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import GRU, GRUParams

ZEROS = GRUParams(*[[[0.0], [0.0]]] * 3, *[[0.0]] * 3)
updates, resets = st.sampled_from(["keep", "renew"]), st.sampled_from(["before", "after"])


def random_run(cell, sizes):
    rng = sizes.rng
    params = drawn_params(rng, cell, sizes.n_x, sizes.n_s)
    x = drawn(rng, (sizes.T, sizes.B, sizes.n_x))
    return params, cell.forward(params, x, drawn(rng, (sizes.B, sizes.n_s)))


def one_unit(cell, s_0=2.0, **changes):
    return cell.forward(ZEROS._replace(**changes), np.ones((1, 1, 1)), [[s_0]])


def test_what_the_update_gate_does():
    new = math.tanh(0.5)
    for update, z, expected in (("keep", 1.0, 2), ("keep", 0.0, new), ("renew", 1.0, new), ("renew", 0.0, 2)):
        run = one_unit(GRU(update, hold={"z": z}), b_n=[0.5])
        assert run.output.item() == pytest.approx(expected)


def test_where_the_reset_gate_acts():
    weights = {"W_n": [[3.0], [0.1]], "b_n": [0.2]}
    run = one_unit(GRU(reset="before", hold={"r": 0.5}), s_0=0.1, **weights)
    assert run.N.item() == pytest.approx(math.tanh(0.5 * 0.1 * 3 + 0.1 + 0.2))
    run = one_unit(GRU(reset="after", hold={"r": 0.5}), s_0=0.1, **weights, b_ns=[0.4])
    assert run.N.item() == pytest.approx(math.tanh(0.5 * (0.1 * 3 + 0.4) + 0.1 + 0.2))


@quick
@given(resets, sizes())
def test_renewing_is_keeping_with_the_gate_turned_around(reset, sizes):
    params, run = random_run(GRU("keep", reset), sizes)
    turned = params._replace(W_z=-params.W_z, b_z=-params.b_z)
    other = GRU("renew", reset).forward(turned, run.x, run.s[0])
    np.testing.assert_allclose(other.s, run.s, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(other.z, 1 - run.z, rtol=1e-10, atol=1e-12)


@quick
@given(updates, sizes())
def test_for_one_unit_the_reset_may_come_before_or_after(update, sizes):
    # r (s w) = (r s) w for numbers; for more units the product mixes them, and the two differ
    params, run = random_run(GRU(update, "before"), sizes._replace(n_s=1))
    other = GRU(update, "after").forward(params._replace(b_ns=np.zeros(1)), run.x, run.s[0])
    np.testing.assert_allclose(other.s, run.s, rtol=1e-10, atol=1e-12)


def test_for_several_units_it_may_not():
    rng, before, after = np.random.default_rng(0), GRU(reset="before"), GRU(reset="after")
    params, x = before.init(rng, 2, 3), rng.standard_normal((5, 1, 2))
    other = after.forward(params._replace(b_ns=np.zeros(3)), x)
    assert np.abs(other.s - before.forward(params, x).s).max() > 0.01


@quick
@given(updates, resets, held("z", "r"), sizes())
def test_a_held_gate_has_its_value_and_its_weights_no_gradient(update, reset, hold, sizes):
    cell = GRU(update, reset, hold)
    params, run = random_run(cell, sizes)
    grads = cell.backward(params, run, np.ones_like(run.output)).params
    for gate, value in hold.items():
        assert (getattr(run, gate) == value).all()
        assert not getattr(grads, f"W_{gate}").any()
        assert not getattr(grads, f"b_{gate}").any()


class TestBadInput:
    def test_choices(self):
        with refuses("update is 'cho'; expected 'keep' or 'renew'"):
            GRU("cho")
        with refuses("reset is 'never'; expected 'before' or 'after'"):
            GRU(reset="never")
        with refuses("hold names the gate 'f'; expected one of z, r"):
            GRU(hold={"f": 1.0})

    def test_the_second_bias(self):
        params = GRU(reset="after").init(np.random.default_rng(0), 2, 3)
        with refuses("b_ns is an array; expected None for this cell"):
            GRU().forward(params, np.ones((2, 1, 2)))
        with refuses("b_ns is None; expected an array for this cell"):
            GRU(reset="after").forward(params._replace(b_ns=None), np.ones((2, 1, 2)))

    def test_initial_state(self):
        cell = GRU()
        params = cell.init(np.random.default_rng(0), 2, 3)
        with refuses("s_0 has shape (3,); expected (B, n_s) = (4, 3)"):
            cell.forward(params, np.ones((5, 4, 2)), np.zeros(3))

    @pytest.mark.filterwarnings("error")
    def test_a_state_that_overflows(self):
        params = ZEROS._replace(W_n=[[1e300], [0.0]], b_ns=[0.0])
        with refuses("s[1, 0, 0] is nan; expected finite numbers: the state overflows", FloatingPointError):
            GRU(reset="after", hold={"r": 0.0}).forward(params, np.ones((2, 1, 1)), [[1e300]])  # 0 · ∞
