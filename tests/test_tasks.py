"""The echo task and the input of the window net."""

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
