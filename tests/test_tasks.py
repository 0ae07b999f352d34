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


@given(st.integers(1, 6), st.integers(1, 40), st.integers(1, 4), st.integers(0, 99))
def test_every_pulse_is_answered_k_steps_later_and_before_the_next(k, more, B, seed):
    T = k + more
    x, d, mask = tasks.timing(np.random.default_rng(seed), T, B, k)
    assert x.shape == d.shape == (T, B, 1)
    assert mask.shape == (T, B)
    assert mask.all()
    np.testing.assert_array_equal(d[k:], x[:-k])
    assert not d[:k].any()
    for pulses in (np.flatnonzero(x[:, b, 0]) for b in range(B)):
        assert pulses[0] < k
        assert all(k < gap <= 2 * k + 1 for gap in np.diff(pulses))
        assert T - pulses[-1] <= 2 * k + 1
    assert set(np.unique(x)) <= {0.0, 1.0}


def test_all_gaps_between_pulses_are_as_likely():
    x = tasks.timing(np.random.default_rng(0), 4000, 10, 3).x
    gaps = np.concatenate([np.diff(np.flatnonzero(x[:, b, 0])) for b in range(10)])
    kinds, counts = np.unique(gaps, return_counts=True)
    assert kinds.tolist() == [4, 5, 6, 7]
    np.testing.assert_allclose(counts / len(gaps), 1 / 4, atol=0.02)
    first = tasks.timing(np.random.default_rng(0), 4, 4000, 3).x[:, :, 0].argmax(axis=0)
    np.testing.assert_allclose(np.bincount(first) / 4000, 1 / 3, atol=0.03)


def blob(T=5, B=40, frame=(6, 7), seed=0, noise=0.0):
    """Clips as frames, (T, B, H, W), and the class of each."""
    batch = tasks.movements(np.random.default_rng(seed), T, B, frame, noise)
    return batch.x.reshape(T, B, *frame), batch.d[0]


@given(st.integers(1, 6), st.integers(1, 5), st.tuples(*[st.integers(3, 7)] * 2), st.integers(0, 99))
def test_a_blob_moves_by_one_pixel_a_frame(T, B, frame, seed):
    batch = tasks.movements(np.random.default_rng(seed), T, B, frame, noise=0.0)
    frames, label = blob(T, B, frame, seed)
    for b in range(B):
        step = list(tasks.MOVEMENTS.values())[label[b]]
        for t in range(T - 1):
            np.testing.assert_allclose(frames[t + 1, b], np.roll(frames[t, b], step, axis=(0, 1)))
    np.testing.assert_array_equal(batch.d, np.tile(label, (T, 1)))
    np.testing.assert_array_equal(batch.mask, np.arange(T)[:, None] == np.full(B, T - 1))
    np.testing.assert_allclose(frames.max(axis=(2, 3)), 1)


def test_right_is_to_the_right_and_down_is_down():
    assert list(tasks.MOVEMENTS) == ["left", "right", "up", "down"]
    frames, label = blob(2, 200, (9, 9))
    row, column = np.unravel_index(frames.reshape(2, 200, -1).argmax(axis=-1), (9, 9))
    for name, (down, right) in {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}.items():
        of_class = label == list(tasks.MOVEMENTS).index(name)
        assert set((row[1] - row[0])[of_class] % 9) == {down % 9}
        assert set((column[1] - column[0])[of_class] % 9) == {right % 9}


def test_a_single_frame_says_nothing():
    """In every class and every frame each place is as likely as any other."""
    frames, label = blob(4, 40_000, (3, 4))
    for of_class, frame in ((c, t) for c in range(4) for t in range(4)):
        place = frames[frame, label == of_class].reshape(-1, 12).argmax(axis=-1)
        np.testing.assert_allclose(np.bincount(place, minlength=12) / len(place), 1 / 12, atol=0.015)
    np.testing.assert_allclose(np.bincount(label) / 40_000, 1 / 4, atol=0.01)


def test_a_blob_is_as_bright_as_the_docstring_says_and_noise_lies_over_it():
    frames, _ = blob(1, 1, (7, 7))
    center = np.unravel_index(frames[0, 0].argmax(), (7, 7))
    middle = np.roll(frames[0, 0], (3 - center[0], 3 - center[1]), axis=(0, 1))
    r2 = np.sum((np.indices((7, 7)) - 3) ** 2, axis=0)
    np.testing.assert_allclose(middle, np.exp(-r2 / 2))
    noise = blob(5, 2000, noise=0.3)[0] - blob(5, 2000)[0]
    assert noise.std() == pytest.approx(0.3, rel=0.01)
    assert abs(noise.mean()) < 0.003


@pytest.mark.parametrize("make", [lambda rng: tasks.timing(rng, 9, 4, 2, np.float32),
                                  lambda rng: tasks.movements(rng, 3, 4, dtype=np.float32)])  # fmt: skip
def test_pulses_and_clips_are_determined_by_their_seed_and_have_the_type_asked_for(make):
    first, second, other = (make(np.random.default_rng(seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.x, second.x)
    assert first.x.dtype == np.float32
    assert not np.array_equal(first.x, other.x)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda rng: tasks.timing(rng, 0, 1, 1), "T is 0; expected a whole number >= 1"),
        (lambda rng: tasks.timing(rng, 4, 0, 1), "B is 0"),
        (lambda rng: tasks.timing(rng, 4, 1, 0), "k is 0; expected a whole number >= 1"),
        (lambda rng: tasks.timing(rng, 4, 1, 4), "k is 4; expected k < T = 4, or no answer is left"),
        (lambda rng: tasks.movements(rng, 0, 1), "T is 0"),
        (lambda rng: tasks.movements(rng, 4, 0), "B is 0"),
        (lambda rng: tasks.movements(rng, 4, 1, (8, 2)), r"frame\[1\] is 2; expected a whole number >= 3"),
        (lambda rng: tasks.movements(rng, 4, 1, (8, 8, 3)), r"frame is \(8, 8, 3\); expected \(H, W\)"),
        (lambda rng: tasks.movements(rng, 4, 1, noise=-1), "noise is -1; expected a finite number >= 0"),
    ],
)
def test_pulses_and_clips_refuse(make, message):
    with pytest.raises(ValueError, match=message):
        make(np.random.default_rng(0))
