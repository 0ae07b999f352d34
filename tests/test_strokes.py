"""Gestures that differ in nothing but the order of their strokes, and what exercise 10 says about them."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import tasks
from rnnlib.grading import definitions, ex10_gestures
from tests.test_exercises import scope

SEEDS = range(5)


def drawn(B, seed=0, **options):
    """x, the class of each gesture, and its length."""
    batch = tasks.strokes(np.random.default_rng(seed), B, **options)
    return batch.x, batch.d[0], batch.mask.argmax(axis=0) + 1


@given(st.integers(1, 9), st.tuples(st.integers(1, 4), st.integers(0, 9)), st.integers(0, 99))
def test_a_gesture_is_four_strokes_in_the_order_of_its_class(B, sizes, seed):
    frames = (sizes[0], sum(sizes))
    batch = tasks.strokes(np.random.default_rng(seed), B, frames, noise=0.0)
    names = {velocity: name for name, velocity in tasks.STROKES.items()}
    for b in range(B):
        (end,) = np.flatnonzero(batch.mask[:, b])
        said = [names[tuple(v)] for v in batch.x[: end + 1, b].astype(int).tolist()]
        runs = [(name, len(list(run))) for name, run in itertools.groupby(said)]
        assert tuple(name for name, _ in runs) == tasks.STROKE_ORDERS[batch.d[0, b]]
        assert all(frames[0] <= length <= frames[1] for _, length in runs)
        assert not batch.x[end + 1 :, b].any()
    assert len(batch.x) == batch.mask.nonzero()[0].max() + 1
    assert (batch.d == batch.d[0]).all()


def test_there_are_six_orders_and_all_are_drawn_as_often():
    assert len(set(tasks.STROKE_ORDERS)) == 6
    assert {tuple(sorted(order)) for order in tasks.STROKE_ORDERS} == {tuple(sorted(tasks.STROKES))}
    _, label, _ = drawn(30_000)
    np.testing.assert_allclose(np.bincount(label) / 30_000, 1 / 6, atol=0.01)


def test_frames_without_their_order_say_nothing():
    """How many frames each stroke takes has the same mean in every class, and so has the length."""
    x, label, lengths = drawn(30_000, noise=0.0)
    for velocity in tasks.STROKES.values():
        number = (x == velocity).all(axis=-1).sum(axis=0)
        means = [number[label == k].mean() for k in range(6)]
        np.testing.assert_allclose(means, number.mean(), rtol=0.04)
    np.testing.assert_allclose([lengths[label == k].mean() for k in range(6)], lengths.mean(), rtol=0.02)


def test_noise_lies_over_the_frames_and_not_over_the_padding():
    (quiet, _, lengths), (noisy, _, _) = drawn(3000, noise=0.0), drawn(3000, noise=0.4)
    real = np.arange(len(quiet))[:, None] < lengths
    assert (noisy - quiet)[real].std() == pytest.approx(0.4, rel=0.01)
    assert not noisy[~real].any()


def test_gestures_are_determined_by_their_seed_and_have_the_type_asked_for():
    first, again, other = (drawn(4, seed, dtype=np.float32)[0] for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert first.dtype == np.float32
    assert first.shape != other.shape or not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"B": 0}, "B is 0; expected a whole number >= 1"),
        ({"frames": (0, 3)}, r"frames\[0\] is 0"),
        ({"frames": (4, 3)}, r"frames\[1\] is 3; expected a whole number >= 4"),
        ({"frames": 3}, r"frames is 3; expected \(shortest, longest\)"),
        ({"noise": -1}, "noise is -1"),
    ],
)
def test_gestures_refuse(options, message):
    with pytest.raises(ValueError, match=message):
        tasks.strokes(np.random.default_rng(0), **{"B": 2, **options})


# In exercise 10


@pytest.mark.parametrize("seed", SEEDS)
def test_the_judges_answers_are_the_true_classes(seed):
    x, label, lengths = drawn(2000, seed)
    np.testing.assert_array_equal(ex10_gestures.order(x, lengths), label)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_baseline_has_the_share_that_is_stated(seed):
    """The baseline of the notebook, on gestures of the check."""
    given, right = [], []
    for inputs in definitions.inputs("ex10", 5, f"seed {seed}"):
        given.append((scope("ex10")["twelve_places"](**inputs) @ scope("ex10")["W_linear"]).argmax(axis=1))
        right.append(ex10_gestures.order(**inputs))
    share = np.mean(np.concatenate(given) == np.concatenate(right))
    assert share == pytest.approx(ex10_gestures.BASELINE, abs=0.03)


def test_gestures_of_the_check_are_padded_in_three_batches_and_in_three_not():
    batches = definitions.inputs("ex10", 5, "ada-1")
    assert [len(set(each["lengths"])) == 1 for each in batches] == [True, True, True, False, False, False]
    assert all(each["lengths"].max() == len(each["x"]) for each in batches)
    assert sum(len(each["lengths"]) for each in batches) > 1000
