"""BPTT written two ways: both the engine's gradient, counted; its truncation; a mini-batch taken apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib import Network, bptt, tasks
from rnnlib.activations import sigmoid, tanh
from rnnlib.cells import RNN, Feedforward
from rnnlib.losses import cross_entropy, mask_from_lengths, squared_error
from rnnlib.optim import global_norm
from rnnlib.training import Batch

WAYS = (bptt.stored, bptt.recomputed)


def a_run(N, n_s, n_x=3, B=1, phi=tanh, seed=0):
    rng = np.random.default_rng(seed)
    cell = RNN(phi)
    params = cell.init(rng, n_x, n_s)
    run = cell.forward(params, rng.standard_normal((N, B, n_x)), rng.standard_normal((B, n_s)))
    return cell, params, run, rng.standard_normal((B, n_s)), rng.standard_normal((N, B, n_s))


def relative(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(b)


# Stored and recomputed


@settings(deadline=None, max_examples=30)
@given(
    st.integers(1, 9),
    st.integers(1, 5),
    st.integers(1, 3),
    st.sampled_from([tanh, sigmoid]),
    st.sampled_from(["W_s", "W_x"]),
)
def test_both_ways_give_the_gradient_of_the_engine(N, n_s, B, phi, weight):
    cell, params, run, last, _ = a_run(N, n_s, B=B, phi=phi)
    engine = getattr(cell.backward(params, run, dE_dlast=last).params, weight)
    for way in WAYS:
        assert relative(way(cell, params, run, last, weight).gradient, engine) < 1e-10


@pytest.mark.parametrize(("N", "n_s", "n_x"), [(1, 4, 3), (2, 1, 1), (7, 4, 3), (20, 2, 5)])
def test_the_counter_and_the_formula_agree(N, n_s, n_x):
    cell, params, run, last, _ = a_run(N, n_s, n_x)
    for weight, n_in in (("W_s", n_s), ("W_x", n_x)):
        counted = tuple(way(cell, params, run, last, weight).multiplications for way in WAYS)
        assert counted == bptt.multiplications(N, n_s, n_in)
    assert bptt.multiplications(N, n_s) == ((4 * N - 2) * n_s**2, (N**2 + N) * n_s**2)


def test_a_batch_costs_as_much_as_its_sequences():
    cell, params, run, last, _ = a_run(5, 3, B=4)
    counted = [way(cell, params, run, last).multiplications for way in WAYS]
    assert counted == [4 * count for count in bptt.multiplications(5, 3)]


def test_counts_by_hand():
    """Three steps, one unit: 3 ∂⁺s_i/∂w and 2 Jacobians, each used once; or 0 + 1 + 2 Jacobians."""
    assert bptt.multiplications(3, 1) == (3 + 2 + 3 + 2, 3 + 3 + 3 + 3)


def test_slopes_tend_to_exactly_one_and_two():
    """Counted for small N, by the formula beyond; the error of the slope halves whenever N doubles."""
    N = 2 ** np.arange(1, 31)
    counts = np.array([bptt.multiplications(int(n), 8) for n in N], dtype=float)
    slopes = np.diff(np.log2(counts), axis=0)
    np.testing.assert_allclose(slopes[-1], [1, 2], atol=1e-8)
    errors = np.abs(slopes - [1, 2])
    np.testing.assert_allclose(errors[15:] / errors[14:-1], 0.5, rtol=1e-3)
    measured = []
    for n in (64, 128):
        cell, params, run, last, _ = a_run(n, 2)
        measured.append([way(cell, params, run, last).multiplications for way in WAYS])
    np.testing.assert_allclose(np.log2(np.divide(*measured[::-1])), [1, 2], atol=0.02)


def test_two_ways_refuse():
    cell, params, run, last, _ = a_run(3, 2)
    for way in WAYS:
        with pytest.raises(ValueError, match="weight is 'W_y'; expected 'W_s' or 'W_x'"):
            way(cell, params, run, last, "W_y")
        with pytest.raises(ValueError, match=r"dE_ds_last has shape \(1, 3\); expected .* \(1, 2\)"):
            way(cell, params, run, np.zeros((1, 3)))
        with pytest.raises(TypeError, match=r"cell is Feedforward\(.*\); expected an RNN"):
            way(Feedforward(), params, run, last)


# Truncated


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 9), st.integers(1, 3), st.sampled_from([tanh, sigmoid]))
def test_a_window_over_all_steps_is_exact(N, B, phi):
    cell, params, run, _, dE_ds = a_run(N, 4, B=B, phi=phi)
    engine = cell.backward(params, run, dE_ds).params
    for h in (N, N + 5):
        for part, whole in zip(bptt.truncated(cell, params, run, dE_ds, h), engine, strict=True):
            assert relative(part, whole) < 1e-10


@pytest.mark.parametrize("h", [1, 2, 5, 8])
def test_the_windows_are_those_of_short_runs_that_take_over_the_state(h):
    """Error by error: run the last h steps alone, from a state that is held fixed, with the engine."""
    N = 8
    cell, params, run, _, dE_ds = a_run(N, 4, B=2)
    total = [0, 0, 0]
    for t in range(1, N + 1):
        first = max(t - h, 0)
        short = cell.forward(params, run.x[first:t], run.s[first])
        parts = cell.backward(params, short, dE_dlast=dE_ds[t - 1]).params
        total = [a + b for a, b in zip(total, parts, strict=True)]
    for a, b in zip(bptt.truncated(cell, params, run, dE_ds, h), total, strict=True):
        assert relative(a, b) < 1e-12


def test_the_bias_falls_with_the_window_when_the_past_fades():
    cell, params, run, _, dE_ds = a_run(40, 6)
    params = params._replace(W_s=0.7 * params.W_s)
    run = cell.forward(params, run.x)
    whole = cell.backward(params, run, dE_ds).params
    bias = []
    for h in (1, 4, 8, 16, 39, 40):
        part = bptt.truncated(cell, params, run, dE_ds, h)
        bias.append(global_norm(tuple(a - b for a, b in zip(part, whole, strict=True))) / global_norm(whole))
    assert bias == sorted(bias, reverse=True)
    assert bias[0] > 0.1
    assert 0 < bias[-2] < 1e-4
    assert bias[-1] < 1e-14


def test_truncated_refuses():
    cell, params, run, last, dE_ds = a_run(3, 2)
    with pytest.raises(ValueError, match="h is 0; expected a whole number >= 1"):
        bptt.truncated(cell, params, run, dE_ds, 0)
    with pytest.raises(ValueError, match="dE_ds has shape"):
        bptt.truncated(cell, params, run, last, 1)


# Mini-batches


def flat(tree):
    if isinstance(tree, tuple):
        return np.concatenate([flat(part) for part in tree if part is not None])
    return tree.ravel()


def a_network(bias_y=True, n_y=1):
    network = Network((RNN(), RNN()), bias_y=bias_y)
    return network, network.init(np.random.default_rng(0), 2, (4, 3), n_y)


@pytest.mark.parametrize("bias_y", [True, False])
def test_the_mean_of_the_single_gradients_is_the_gradient_of_the_batch(bias_y):
    network, params = a_network(bias_y)
    x, d, mask = batch = tasks.addition(np.random.default_rng(1), 7, 6, [2, 7, 3, 5, 7, 4])
    run = network.forward(params, x)
    engine = flat(network.backward(params, run, squared_error(run.y, d, mask)[1]).params)
    single = bptt.per_sequence(network, params, batch)
    assert single.shape == (6, engine.size)
    assert relative(single.mean(axis=0), engine) < 1e-12
    assert relative(bptt.per_sequence(network, params, Batch(x, d)).mean(axis=0), engine) > 0.01


def test_per_sequence_takes_any_loss():
    network, params = a_network(n_y=3)
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((5, 4, 2)), rng.integers(0, 3, (5, 4))
    run = network.forward(params, x)
    engine = flat(network.backward(params, run, cross_entropy(run.y, labels)[1]).params)
    single = bptt.per_sequence(network, params, Batch(x, labels), cross_entropy)
    assert relative(single.mean(axis=0), engine) < 1e-12


def test_per_sequence_takes_lists_and_refuses_what_is_no_array():
    network, params = a_network()
    x, d = np.ones((5, 4, 2)), np.zeros((5, 4, 1))
    same = bptt.per_sequence(network, params, Batch(x.tolist(), d.tolist()))
    np.testing.assert_array_equal(same, bptt.per_sequence(network, params, Batch(x, d)))
    with pytest.raises(TypeError, match="d is of type dict; expected one array"):
        bptt.per_sequence(network, params, Batch(x, {"who": d}))


def test_a_padded_batch_is_the_mean_of_the_sequences_alone_and_unpadded():
    """The padding may hold anything: no number in it may reach the gradient."""
    network, params = a_network()
    rng, lengths = np.random.default_rng(2), np.array([3, 6, 2, 6, 5])
    x, d, mask = rng.standard_normal((6, 5, 2)), rng.standard_normal((6, 5, 1)), mask_from_lengths(lengths, 6)
    single = []
    for k, T in enumerate(lengths):
        run = network.forward(params, x[:T, k : k + 1])
        dE_dy = squared_error(run.y, d[:T, k : k + 1])[1]
        single.append(flat(network.backward(params, run, dE_dy).params))
    run = network.forward(params, x)
    padded = flat(network.backward(params, run, squared_error(run.y, d, mask)[1]).params)
    assert relative(padded, np.mean(single, axis=0)) < 1e-12
    np.testing.assert_allclose(bptt.per_sequence(network, params, Batch(x, d, mask)), single, atol=1e-14)


def test_the_noise_of_a_mini_batch_falls_as_one_over_the_root_of_its_size():
    """Drawn with replacement: the standard deviation is that of one sequence, divided by √M."""
    network, params = a_network()
    rng = np.random.default_rng(3)
    single = bptt.per_sequence(network, params, tasks.addition(rng, 6, 64))
    full, M = single.mean(axis=0), np.array([1, 4, 16, 64, 256])
    noise = []
    for size in M:
        draws = single[rng.integers(0, 64, (2000, size))].mean(axis=1)
        noise.append(np.sqrt(np.mean(np.sum((draws - full) ** 2, axis=1))))
    one = np.sqrt(np.mean(np.sum((single - full) ** 2, axis=1)))
    np.testing.assert_allclose(noise, one / np.sqrt(M), rtol=0.05)
    slope = np.polyfit(np.log(M), np.log(noise), 1)[0]
    assert slope == pytest.approx(-0.5, abs=0.01)
