"""The echo task, the input of the window net, and binary addition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import tasks

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
