"""What speech and gesture share: neighbors by Euclid and by time warping, folds, answers at the last step."""

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib.experiments import _classify, _neighbors

SMALL = {"cell": "LSTM", "n_s": 4, "noise": 0.0, "B": 6, "lr": 0.01, "clip": 1.0, "steps": 3}


def by_definition(a, b):
    """The smallest sum of squared distances over all paths, by recursion from the end."""

    @cache
    def best(i, j):
        here = float(((a[i] - b[j]) ** 2).sum())
        before = [(i - 1, j - 1), (i - 1, j), (i, j - 1)]
        sums = [best(*place) for place in before if min(place) >= 0]
        return here + (min(sums) if sums else 0)

    return best(len(a) - 1, len(b) - 1)


@settings(max_examples=20)
@given(st.integers(0, 9999))
def test_time_warping_by_its_definition(seed):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 7, 3), rng.integers(1, 7, 4)
    a, b = (rng.normal(size=(n.max(), len(n), 2)) for n in lengths)
    found = _neighbors.warped(a, lengths[0], b, lengths[1])
    for i, j in np.ndindex(3, 4):
        wanted = by_definition(a[: lengths[0][i], i], b[: lengths[1][j], j])
        assert found[i, j] == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_time_warping_does_not_see_speed_or_padding():
    slow = np.repeat(np.arange(4.0), 3)[:, None, None]
    fast = np.array([0.0, 1, 2, 3, 99, -99])[:, None, None]
    assert _neighbors.warped(slow, np.array([12]), fast, np.array([4])).tolist() == [[0]]
    assert _neighbors.warped(slow, np.array([12]), fast, np.array([5]))[0, 0] > 9000


def test_squared_distances_and_the_nearest():
    a, b = np.array([[0.0, 0], [3, 4]]), np.array([[3.0, 4], [0, 1], [0, -1]])
    np.testing.assert_allclose(_neighbors.squared(a, b), [[25, 1, 1], [0, 18, 34]])
    assert _neighbors.nearest(_neighbors.squared(a, b), np.array([7, 8, 9])).tolist() == [8, 7]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.integers(2, 5))
def test_folds_are_as_rich_in_every_class(labels, count):
    labels = np.array(labels)
    fold = _classify.folds(labels, count)
    for label in set(labels):
        sizes = np.bincount(fold[labels == label], minlength=count)
        assert len(sizes) == count
        assert sizes.max() - sizes.min() <= 1
    assert np.ptp(np.bincount(fold, minlength=count)) <= 1


class Echo:
    """A net whose outputs are its inputs."""

    class Run(NamedTuple):
        y: np.ndarray

    def forward(self, params, x):
        return self.Run(x)


def test_an_answer_is_taken_at_the_last_real_step_of_each_sequence():
    x = np.zeros((4, 3, 2))
    lengths = np.array([1, 3, 4])
    x[[0, 2, 3], [0, 1, 2]] = [[0, 1], [1, 0], [0, 1]]
    batch = _classify.asked_last(x, lengths, np.array([1, 0, 0]))
    trained = _classify.Trained(Echo(), None, None)
    assert _classify.answers(trained, batch).tolist() == [1, 0, 1]
    assert _classify.right(trained, batch) == 2 / 3
    assert _classify.right(trained, _classify.some(batch, np.array([True, True, False]))) == 1


def examples(seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(5, 12, 3)).astype(np.float32)
    return _classify.asked_last(x, rng.integers(2, 6, 12), np.arange(12) % 2)


def test_training_repeats_itself_and_noise_changes_it():
    first, again, other = (_classify.learned(examples(), 2, 0, SMALL | {"noise": n}) for n in (0, 0, 0.5))
    np.testing.assert_array_equal(first.history.loss, again.history.loss)
    assert not np.array_equal(first.history.loss, other.history.loss)
    assert first.params.W_y.dtype == np.float32


def test_padding_teaches_nothing():
    """What stands after the last frame of a sequence changes neither the answers nor the gradient."""
    clean = examples()
    padding = np.cumsum(clean.mask, axis=0) - clean.mask > 0
    dirty = clean._replace(x=np.where(padding[..., None], np.float32(9), clean.x))
    first, second = (_classify.learned(batch, 2, 0, SMALL) for batch in (clean, dirty))
    np.testing.assert_allclose(first.history.loss, second.history.loss, rtol=1e-6)
    np.testing.assert_array_equal(_classify.answers(first, clean), _classify.answers(second, dirty))


def test_a_fold_is_judged_by_a_net_that_has_not_seen_it():
    seen = []

    def train(batch, seed, chosen):
        seen.append((batch.x.shape[1], float(batch.x.sum()), chosen["lr"]))
        return _classify.learned(batch, 2, seed, chosen)

    batch = examples()
    choices = SMALL | {"seeds": 2, "folds": 3, "tried": [{}, {"lr": 0.5}]}
    found = _classify.compared(train, lambda **_: (batch, examples(1)), choices, "small", progress=False)
    shapes = {"right": (2,), "answers": (2, 12), "loss": (2, 3), "validated": (2, 3)}
    assert {name: array.shape for name, array in found.items()} == shapes
    assert [count for count, _, _ in seen] == [12] * 2 + [8] * 6
    assert [lr for _, _, lr in seen] == [0.01] * 5 + [0.5] * 3
    assert sum(total for _, total, _ in seen[2:5]) == pytest.approx(2 * batch.x.sum(), rel=1e-4)
    np.testing.assert_allclose(found["right"], (found["answers"] == examples(1).d[0]).mean(axis=1))


def test_a_row_of_the_table_for_each():
    arrays = {"right": np.array([0.5, 0.7]), "baselines": np.array([0.1])}
    rows = _classify.table("speech", "right", "net", arrays, ("guess",), (("theirs", 0.9, "a paper"),))
    assert [(row.model, row.kind, row.source) for row in rows] == [
        ("net", "ours", ""),
        ("guess", "baseline", ""),
        ("theirs", "published", "a paper"),
    ]
    assert [row.scores.tolist() for row in rows] == [[0.5, 0.7], [0.1], [0.9]]
    with pytest.raises(ValueError, match="zip"):
        _classify.table("speech", "right", "net", arrays, ("guess", "more"), ())
