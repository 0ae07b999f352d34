"""What a trained net makes of a sequence: prefixes, the gradient by differences, removals by hand."""

import numpy as np
import pytest

from rnnlib import data
from rnnlib.experiments import listening

BOTH = pytest.mark.parametrize("task", list(listening.TASKS))


def log_probabilities(task, x):
    """The answer at the last step of x (n, n_x), by another formula than the module's."""
    loaded = listening.load(task)
    y = loaded.network.forward(loaded.params, x[:, None]).y[-1, 0]
    return y - np.logaddexp.reduce(y)


def some_piece(task):
    """One that is in doubt: all that is asked of it gives numbers that are neither 0 nor 1."""
    return next(piece for piece, why in listening.pieces(task).items() if why == "latest to decide")


@BOTH
def test_what_it_hears_is_what_is_in_the_file(task):
    loaded = listening.load(task)
    known = {"speech": data.load_japanese_vowels, "gesture": data.load_gun_point}[task]()
    np.testing.assert_array_equal(loaded.labels, known.test_labels)
    assert loaded.classes == known.classes
    if task == "speech":
        np.testing.assert_array_equal(loaded.lengths, known.test_lengths)
    piece = some_piece(task)
    heard = listening.hear(task, piece)
    assert heard.x.shape == (loaded.lengths[piece], known.test_x.shape[-1])
    assert heard.label == known.test_labels[piece]
    assert {array.dtype for array in heard[:4]} == {np.dtype(np.float64)}


@BOTH
def test_at_each_step_it_answers_as_if_the_sequence_ended_there(task):
    piece = some_piece(task)
    heard = listening.hear(task, piece)
    for t in range(1, len(heard.x) + 1):
        np.testing.assert_allclose(np.log(heard.p[t - 1]), log_probabilities(task, heard.x[:t]), atol=1e-9)


@BOTH
def test_the_states_are_those_of_single_steps(task):
    heard, loaded = listening.hear(task, some_piece(task)), listening.load(task)
    cell, params = loaded.network.cells[-1], loaded.params.cells[-1]
    state = cell.forward(params, heard.x[:1, None]).last
    for t in range(1, len(heard.x)):
        state = cell.step(params, state, heard.x[t : t + 1])
        np.testing.assert_allclose(heard.STM[t], state.STM[0], atol=1e-12)
        np.testing.assert_allclose(heard.LTM[t], state.LTM[0], atol=1e-12)


@BOTH
def test_the_kept_nets_are_right_as_often_as_a_score_says(task):
    loaded = listening.load(task)
    answers = [listening.hear(task, piece).p[-1].argmax() for piece in range(len(loaded.labels))]
    assert np.mean(answers == loaded.labels) > 0.93


@BOTH
def test_the_gradient_is_what_differences_give(task):
    piece, h = some_piece(task), 1e-5
    x = listening.hear(task, piece).x
    rng = np.random.default_rng(0)
    for c in {0, 1, listening.hear(task, piece).p.shape[1] - 1}:
        found = listening.gradient(task, piece, c)
        assert found.shape == x.shape
        for _ in range(8):
            at = tuple(rng.integers(size) for size in x.shape)
            step = np.zeros_like(x)
            step[at] = h
            ends = (log_probabilities(task, x + sign * step)[c] for sign in (1, -1))
            assert found[at] == pytest.approx(np.subtract(*ends) / (2 * h), rel=1e-4, abs=1e-8)


@BOTH
def test_probabilities_sum_to_1_so_their_gradients_cancel(task):
    piece = some_piece(task)
    p = listening.hear(task, piece).p
    np.testing.assert_allclose(p.sum(axis=1), 1)
    both = sum(p[-1, c] * listening.gradient(task, piece, c) for c in range(p.shape[1]))
    np.testing.assert_allclose(both, 0, atol=1e-12)


def by_hand(x, t, reach, way):
    """Remove steps of x one after the other, counted from 0."""
    gone = range(max(0, t - reach), min(len(x), t + reach + 1))
    if way == "cut":
        return np.delete(x, gone, axis=0)
    changed = x.copy()
    for step in gone:
        changed[step] = 0
        if way == "hold":
            changed[step] = x[gone[0] - 1] if gone[0] else x[gone[-1] + 1]
    return changed


@BOTH
@pytest.mark.parametrize("width", [1, 3, 5])
@pytest.mark.parametrize("way", listening.WAYS)
def test_a_removal_is_one_by_hand(task, width, way):
    piece = some_piece(task)
    x, found = listening.hear(task, piece).x, listening.without(task, piece, width, way)
    for t in range(len(x)):
        expected = log_probabilities(task, by_hand(x, t, width // 2, way))
        np.testing.assert_allclose(np.log(found[t]), expected, atol=1e-8)


@BOTH
def test_a_small_part_of_a_removal_is_what_the_gradient_promises(task):
    """Setting a frame to 0 by and by: at first log p changes by −gradient · x_t."""
    piece, part = some_piece(task), 1e-5
    x = listening.hear(task, piece).x
    promised = -np.sum(listening.gradient(task, piece, 0) * x, axis=1)
    for t in range(0, len(x), 4):
        shrunk = x.copy()
        shrunk[t] *= 1 - part
        change = (log_probabilities(task, shrunk) - log_probabilities(task, x))[0] / part
        assert change == pytest.approx(promised[t], rel=1e-3, abs=1e-5)


@pytest.mark.parametrize(("leaders", "expected"), [
    ([0, 0, 0], 1), ([1, 0, 0], 2), ([0, 1, 0], 3), ([1, 1, 0, 0, 1], 5), ([2], 1),
])  # fmt: skip
def test_settled(leaders, expected):
    assert listening.settled(np.eye(3)[leaders]) == expected


@BOTH
def test_the_pieces_are_what_is_said_of_them(task):
    loaded, pieces = listening.load(task), listening.pieces(task)
    assert len(set(pieces.values())) == len(pieces) == 5 + len(loaded.classes)
    assert set(loaded.labels[list(pieces)]) == set(range(len(loaded.classes)))
    ends = [listening.hear(task, b).p for b in range(len(loaded.labels))]
    right = np.array([p[-1].argmax() == label for p, label in zip(ends, loaded.labels, strict=True)])
    sure = np.array([p[-1].max() for p in ends])
    place = {why: piece for piece, why in pieces.items()}
    assert sure[place["surest of the wrong"]] == pytest.approx(sure[~right].max())
    assert sure[place["least sure of the wrong"]] == pytest.approx(sure[~right].min())
    assert sure[place["least sure of the right"]] == pytest.approx(sure[right].min())
    for why, piece in place.items():
        assert right[piece] == ("of the wrong" not in why), why
    when = np.array([listening.settled(p) / len(p) for p in ends])
    assert when[place["latest to decide"]] == when[right].max() > 0.9
    assert when[place["earliest to decide"]] == when[right].min() < 0.2


@pytest.mark.parametrize(("call", "text"), [
    (lambda: listening.load("song"), "song"),
    (lambda: listening.hear("speech", 370), "piece is 370; expected a place in the test set, 0 to 369"),
    (lambda: listening.without("speech", 0, 2), "width 2; expected one of .* and an odd number up to 19"),
    (lambda: listening.without("speech", 0, 21), "width 21"),
    (lambda: listening.without("speech", 0, 1, "blur"), "way is 'blur'"),
])  # fmt: skip
def test_errors(call, text):
    with pytest.raises(ValueError, match=text):
        call()
