"""The echo task, the input of the window net, binary addition, and a bit to hold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import squared_error, tasks

sizes = st.tuples(st.integers(1, 12), st.integers(1, 4))


@given(sizes, st.data())
def test_echo_repeats_the_input_k_steps_later(size, data):
    T, B = size
    k = data.draw(st.integers(0, T - 1))
    x, d, mask = tasks.echo(np.random.default_rng(0), T, B, k)
    assert x.shape == d.shape == (T, B, 1)
    assert mask.shape == (T, B)
    for t in range(T):
        np.testing.assert_array_equal(d[t], x[t - k] if t >= k else 0)
        assert np.all(mask[t] == (t >= k))
    assert np.all(np.abs(x) <= 1)


def test_echo_is_determined_by_its_seed():
    first, second = (tasks.echo(np.random.default_rng(3), 20, 4, 2) for _ in range(2))
    np.testing.assert_array_equal(first.x, second.x)
    assert not np.array_equal(first.x, tasks.echo(np.random.default_rng(4), 20, 4, 2).x)


def test_guessing_zero_costs_the_variance_of_the_input():
    batch = tasks.echo(np.random.default_rng(0), 200, 200, 3)
    assert np.mean(batch.d[batch.mask] ** 2) == pytest.approx(1 / 3, rel=0.02)


def test_echo_in_float32():
    batch = tasks.echo(np.random.default_rng(0), 5, 2, 1, dtype=np.float32)
    assert batch.x.dtype == batch.d.dtype == np.float32


@pytest.mark.parametrize(
    ("T", "B", "k", "message"),
    [
        (0, 1, 0, "T is 0; expected a whole number >= 1"),
        (4, 0, 0, "B is 0"),
        (4, 1, -1, "k is -1"),
        (4, 1, 1.5, "k is 1.5"),
        (4, 1, True, "k is True"),
        (4, 1, 4, "k is 4; expected k < T = 4"),
    ],
)
def test_echo_refuses(T, B, k, message):
    with pytest.raises(ValueError, match=message):
        tasks.echo(np.random.default_rng(0), T, B, k)


@given(sizes, st.integers(1, 3), st.integers(1, 15))
def test_windows_show_the_last_w_steps(size, n_x, w):
    T, B = size
    x = np.random.default_rng(0).normal(size=(T, B, n_x))
    seen = tasks.windows(x, w).reshape(T, B, w, n_x)
    for t in range(T):
        for lag in range(w):
            np.testing.assert_array_equal(seen[t, :, lag], x[t - lag] if t >= lag else 0)


def test_window_of_one_step_is_the_input():
    x = np.arange(6.0).reshape(3, 2, 1)
    np.testing.assert_array_equal(tasks.windows(x, 1), x)


def test_the_echo_is_in_the_window_only_while_k_is_below_w():
    batch = tasks.echo(np.random.default_rng(0), 30, 1, 4)
    wide, narrow = (tasks.windows(batch.x, w)[4:, 0] for w in (5, 4))
    np.testing.assert_array_equal(wide[:, 4], batch.d[4:, 0, 0])
    assert not np.any(np.all(narrow == batch.d[4:, 0], axis=0))


def test_windows_refuses():
    with pytest.raises(ValueError, match="w is 0; expected a whole number >= 1"):
        tasks.windows(np.zeros((3, 2, 1)), 0)
    with pytest.raises(ValueError, match=r"x has shape \(3, 2\); expected \(T, B, n_x\)"):
        tasks.windows(np.zeros((3, 2)), 2)


def numbers(bits, length):
    """Read digits, least significant first, as whole numbers of any size."""
    return [sum(int(bit) << place for place, bit in enumerate(column[:length])) for column in bits.T]


@given(st.integers(2, 80), st.integers(1, 4), st.booleans(), st.data())
def test_addition_adds(T, B, unequal, data):
    lengths = data.draw(st.lists(st.integers(2, T), min_size=B, max_size=B)) if unequal else None
    x, d, mask = tasks.addition(np.random.default_rng(0), T, B, lengths)
    assert (x.shape, d.shape, mask.shape) == ((T, B, 2), (T, B, 1), (T, B))
    assert set(np.unique(x)) | set(np.unique(d)) <= {0.0, 1.0}
    for k, length in enumerate(lengths or [T] * B):
        a, b = (numbers(x[:, k : k + 1, i], length)[0] for i in (0, 1))
        assert a + b == numbers(d[:, k], length)[0]
        assert not x[length - 1 :, k].any()
        assert not d[length:, k].any()
        assert mask[:, k].tolist() == [True] * length + [False] * (T - length)


def test_addition_uses_every_pair_of_digits_and_every_carry():
    x, d, mask = tasks.addition(np.random.default_rng(0), 9, 500)
    pairs, counts = np.unique(x[:-1].reshape(-1, 2), axis=0, return_counts=True)
    assert pairs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    np.testing.assert_allclose(counts / 4000, 1 / 4, atol=0.03)
    assert 0.4 < d[-1].mean() < 0.6
    assert mask.all()


def test_addition_needs_memory():
    """The digits of one place leave the sum's digit open: the best guess from them alone is right by half."""
    x, d, _ = tasks.addition(np.random.default_rng(0), 12, 2000)
    for pair in ([0, 0], [0, 1], [1, 0], [1, 1]):
        assert 0.4 < d[5:-1][np.all(x[5:-1] == pair, axis=2)].mean() < 0.6


def test_addition_is_determined_by_its_seed_and_has_the_type_asked_for():
    first, second = (tasks.addition(np.random.default_rng(3), 6, 4, dtype=np.float32) for _ in range(2))
    np.testing.assert_array_equal(first.x, second.x)
    assert first.x.dtype == first.d.dtype == np.float32


@pytest.mark.parametrize(
    ("T", "B", "lengths", "message"),
    [
        (1, 1, None, "T is 1; expected a whole number >= 2"),
        (4, 0, None, "B is 0"),
        (4, 2, [3], r"lengths has shape \(1,\); expected \(B,\) = \(2,\)"),
        (4, 2, [3, 5], r"lengths\[1\] is 5; expected 2 to 4"),
        (4, 2, [1, 3], r"lengths\[0\] is 1; expected 2 to 4"),
    ],
)
def test_addition_refuses(T, B, lengths, message):
    with pytest.raises(ValueError, match=message):
        tasks.addition(np.random.default_rng(0), T, B, lengths)


LAG_TASKS = pytest.mark.parametrize("task", [tasks.latch, tasks.two_sequence], ids=lambda task: task.__name__)


@given(st.integers(0, 12), st.integers(1, 5), st.integers(0, 4))
def test_a_class_is_shown_first_and_asked_for_last(lag, B, N_1):
    rng, first = np.random.default_rng(0), max(N_1, 1)
    x, d, mask = tasks.two_sequence(rng, lag, B, N_1, variance=0.0) if N_1 else tasks.latch(rng, lag, B)
    assert x.shape == d.shape == (first + lag, B, 1)
    assert mask.shape == (first + lag, B)
    np.testing.assert_array_equal(x[:first], np.broadcast_to(d[-1], (first, B, 1)))
    np.testing.assert_array_equal(np.abs(d[-1]), 1)
    assert not d[:-1].any()
    assert mask[-1].all()
    assert not mask[:-1].any()


@LAG_TASKS
def test_both_classes_are_as_likely_and_only_the_first_inputs_tell_them_apart(task):
    x, d, _ = task(np.random.default_rng(0), 6, 20_000)
    assert abs(d[-1].mean()) < 0.03
    told = [abs(np.mean(x[t] * d[-1])) for t in range(len(x))]
    assert min(told[: len(x) - 6]) > 0.98
    assert max(told[-6:]) < 0.02
    assert x[-6:].var() == pytest.approx(0.2, rel=0.02)
    assert task(np.random.default_rng(0), 6, 5000, variance=0.5).x[-6:].var() == pytest.approx(0.5, rel=0.03)


def test_the_first_inputs_are_clear_in_one_task_and_noisy_in_the_other():
    rng = np.random.default_rng(0)
    assert set(np.unique(tasks.latch(rng, 3, 500).x[0])) == {-1.0, 1.0}
    x, d, _ = tasks.two_sequence(rng, 3, 20_000)
    assert (x[:3] - d[-1]).var() == pytest.approx(0.2, rel=0.02)


@LAG_TASKS
def test_what_a_guess_costs(task):
    _, d, mask = task(np.random.default_rng(0), 4, 1000)
    assert squared_error(np.zeros_like(d), d, mask)[0] == 0.5
    assert squared_error(d, d, mask)[0] == 0


def test_the_best_answer_errs_as_often_as_the_docstring_says():
    def Phi(z):
        return math.erfc(-z / math.sqrt(2)) / 2

    assert 100 * Phi(-math.sqrt(3 / 0.2)) == pytest.approx(0.005, abs=0.0005)
    x, d, _ = tasks.two_sequence(np.random.default_rng(0), 2, 50_000, N_1=2, variance=1.0)
    assert np.mean(np.sign(x[:2].sum(axis=0)) != d[-1]) == pytest.approx(Phi(-math.sqrt(2)), rel=0.05)


@LAG_TASKS
def test_a_lag_task_is_determined_by_its_seed_and_has_the_type_asked_for(task):
    first, second = (task(np.random.default_rng(3), 6, 4, dtype=np.float32) for _ in range(2))
    np.testing.assert_array_equal(first.x, second.x)
    assert first.x.dtype == first.d.dtype == np.float32
    assert not np.array_equal(first.x, task(np.random.default_rng(4), 6, 4, dtype=np.float32).x)


@LAG_TASKS
@pytest.mark.parametrize(
    ("lag", "B", "options", "message"),
    [
        (-1, 1, {}, "lag is -1; expected a whole number >= 0"),
        (2.0, 1, {}, "lag is 2.0"),
        (2, 0, {}, "B is 0; expected a whole number >= 1"),
        (2, 1, {"variance": -0.1}, "variance is -0.1; expected a finite number >= 0"),
        (2, 1, {"variance": float("nan")}, "variance is nan"),
        (2, 1, {"variance": "0.2"}, "variance is '0.2'"),
    ],
)
def test_lag_tasks_refuse(task, lag, B, options, message):
    with pytest.raises(ValueError, match=message):
        task(np.random.default_rng(0), lag, B, **options)


def test_two_sequence_needs_a_step_that_tells_the_class():
    with pytest.raises(ValueError, match="N_1 is 0; expected a whole number >= 1"):
        tasks.two_sequence(np.random.default_rng(0), 2, 1, N_1=0)
