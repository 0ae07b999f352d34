"""How far a gradient reaches: against by_lag, differences, plain products, and beyond the range of floats."""

import numpy as np
import pytest
from cases import drawn, drawn_state, free_cells, quick, refuses, rnns, sizes, tame
from hypothesis import given
from test_gradients import linear

from rnnlib import LSTM, RNN, Feedforward, RNNParams, activations, gradients, weights


def ran(cell, sizes, soft=False):
    rng = sizes.rng
    params = cell.init(rng, sizes.n_x, sizes.n_s)
    params = tame(rng, params) if soft else params
    x, s_0 = drawn(rng, (sizes.T, sizes.B, sizes.n_x)), drawn_state(rng, cell, sizes.B, sizes.n_s)
    return params, cell.forward(params, x, s_0), drawn_state(rng, cell, sizes.B, sizes.n_s)


@quick
@given(free_cells(), sizes(T=9))
def test_reach_is_by_lag_in_powers_of_ten(cell, sizes):
    params, run, seed = ran(cell, sizes)
    if isinstance(cell, Feedforward):
        seed = None  # it has no state that a gradient could enter
    expected = gradients.by_lag(cell, params, run, seed)
    found = gradients.reach(cell, params, run, seed, weight=params._fields[0])
    np.testing.assert_allclose(10.0**found.states, expected, rtol=1e-9, atol=1e-300)
    assert found.weights.shape == (sizes.T,)


@quick
@given(rnns(), sizes(T=6))
def test_contributions_add_up_to_the_gradient(cell, sizes):
    params, run, seed = ran(cell, sizes)
    whole = cell.backward(params, run, dE_dlast=seed)
    a, slope = whole.states.s, cell.phi.derivative(run.s[1:])
    parts = np.einsum("tbj,tbk->tjk", run.s[:-1], a[1:] * slope)
    np.testing.assert_allclose(parts.sum(axis=0), whole.params.W_s, atol=1e-12)
    found = gradients.reach(cell, params, run, seed)
    expected = np.linalg.norm(parts, axis=(1, 2))
    np.testing.assert_allclose(10.0**found.weights, expected, rtol=1e-9, atol=1e-300)


@quick
@given(rnns(), sizes(T=5, n=4))
def test_jacobians_are_those_of_the_step(cell, sizes):
    params, run, _ = ran(cell, sizes, soft=True)
    J = gradients.jacobians(cell, params, run)
    slope = cell.phi.derivative(run.s[1:])
    np.testing.assert_allclose(J, slope[..., None] * params.W_s.T, atol=1e-14)
    h = 1e-6
    for k in range(sizes.n_s):
        shift = h * np.eye(sizes.n_s)[k]
        ahead, behind = (cell.step(params, run.s[:-1] + sign * shift, run.x) for sign in (1, -1))
        np.testing.assert_allclose(J[..., k], (ahead - behind) / (2 * h), atol=1e-7)


@quick
@given(rnns(), sizes(T=6, n=4))
def test_singular_values_are_those_of_the_product(cell, sizes):
    params, run, _ = ran(cell, sizes)
    J = gradients.jacobians(cell, params, run)
    found = gradients.singular_values(J)
    product, most = np.broadcast_to(np.eye(sizes.n_s), J.shape[1:]), 1.0
    np.testing.assert_array_equal(found[-1], 0)
    for i in range(sizes.T - 1, -1, -1):
        product, most = product @ J[i], most * np.linalg.norm(J[i], 2, axis=(1, 2))[:, None]
        expected = np.linalg.svd(product, compute_uv=False)
        # Factors can cancel to nothing but rounding, as where ReLU leaves two different units on.
        kept = expected > 1e-12 * np.maximum(expected[:, :1], most)
        np.testing.assert_allclose(10.0 ** found[i][kept], expected[kept], rtol=1e-3)
        assert np.all(found[i, :, 1:] <= found[i, :, :-1])


@quick
@given(rnns(), sizes(T=9))
def test_no_gradient_is_above_the_bound(cell, sizes):
    params, run, seed = ran(cell, sizes)
    params = params._replace(W_s=weights.recurrent(sizes.rng, sizes.n_s, norm=0.1 + sizes.seed % 30 / 10))
    run = cell.forward(params, run.x, run.s[0])
    states = gradients.reach(cell, params, run, seed).states
    bound = states[-1] + gradients.bound(cell, params, sizes.T)
    assert np.all(states <= bound + 1e-9)


def test_the_bound_is_reached_where_it_can_be():
    params, run = linear(0.5, 20)
    np.testing.assert_allclose(gradients.bound(RNN(), params, 20), np.log10(0.5) * np.arange(20, -1, -1))
    cell = RNN(activations.identity)
    params = params._replace(W_s=np.full((1, 1), 3.0))
    run = cell.forward(params, run.x)
    np.testing.assert_allclose(gradients.reach(cell, params, run).states, gradients.bound(cell, params, 20))
    with refuses("cell is Feedforward(phi=Activation(name='tanh', gamma=1.0)); expected an RNN", TypeError):
        gradients.bound(Feedforward(), params, 3)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("w", [1e-30, 0.1, 10.0, 1e30])
def test_nothing_is_too_small_or_too_large(w):
    params, run = linear(w, 500)
    powers = np.log10(w) * np.arange(500, -1, -1)
    found = gradients.reach(RNN(), params, run)
    np.testing.assert_allclose(found.states, powers, rtol=1e-12)
    np.testing.assert_allclose(found.factors, w, rtol=1e-9)
    values = gradients.singular_values(gradients.jacobians(RNN(), params, run))
    np.testing.assert_allclose(values[:, 0, 0], powers, rtol=1e-12)


@pytest.mark.filterwarnings("error")
def test_the_report_names_the_lag():
    assert str(gradients.reach(RNN(), *linear(10.0, 400))) == (
        "10^400.0 is left after 400 steps, exploded at lag 309"
    )
    assert str(gradients.reach(RNN(), *linear(0.1, 400))) == (
        "10^-400.0 is left after 400 steps, below 10^-308 at lag 308"
    )
    assert str(gradients.reach(RNN(), *linear(0.5, 10))) == "10^-3.0 is left after 10 steps"


@pytest.mark.filterwarnings("error")
def test_a_gradient_that_is_exactly_zero_says_so():
    cell, params = RNN(activations.relu), RNNParams(np.ones((1, 1)), np.ones((1, 1)), np.zeros(1))
    x = np.array([1, 1, -9, 1, 1.0]).reshape(5, 1, 1)
    run = cell.forward(params, x)
    found = gradients.reach(cell, params, run)
    np.testing.assert_array_equal(np.isneginf(found.states), [True, True, True, False, False, False])
    np.testing.assert_array_equal(found.factors, [0, 0, 0, 1, 1])
    assert str(found) == "10^-inf is left after 5 steps, exactly 0 at lag 3"
    values = gradients.singular_values(gradients.jacobians(cell, params, run))
    np.testing.assert_array_equal(np.isneginf(values[:, 0, 0]), np.isneginf(found.states))


def test_bad_input_is_named():
    params, run = linear(0.5, 3)
    with refuses("weight is 'W_z'; expected one of W_x, W_s, b_s"):
        gradients.reach(RNN(), params, run, weight="W_z")
    with refuses("weight is 'W_u'; expected one of W_n, W_i, W_f, W_v, b_n, b_i, b_f, b_v"):
        gradients.reach(LSTM(), LSTM().init(np.random.default_rng(0), 1, 1), run, weight="W_u")
    with refuses("N is 0; expected a whole number >= 1"):
        gradients.bound(RNN(), params, 0)
