"""Answers that are judged together, as those of a trained net, and tasks to be done with the library."""

import numpy as np
import pytest

from rnnlib import grading
from rnnlib.grading import definitions
from tests.test_grading import by_library, judged, otherwise, right


def together(monkeypatch, accepts, **options):
    """Task 1 of exercise 2, judged by `accepts` in place of equality."""
    task = definitions.task("ex02", 1)._replace(accepts=accepts, **options)
    monkeypatch.setattr(definitions, "task", lambda name, number: task)


def test_answers_can_be_judged_together(monkeypatch):
    seen = []

    def accepts(answers, rights, inputs):
        seen.append((answers, rights, inputs))
        good = np.mean([np.sign(a[0, 0]) == np.sign(r[0, 0]) for a, r in zip(answers, rights, strict=True)])
        return ("" if good > 0.9 else "no phi"), f"{good:.0%} right."

    together(monkeypatch, accepts)
    assert judged(lambda *given: np.sign(right(*given))).text == "✓ Task 1, one step: 100% right."
    ((answers, rights, inputs),) = seen
    assert len(answers) == len(rights) == len(inputs) == 6
    np.testing.assert_allclose(rights[2], right(**inputs[2]))
    found = judged(otherwise(np.negative))
    assert (found.passed, found.key) == (False, "no phi")
    assert "  0% right. This is the weighted sum, before φ." in found.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s[:, :-1], "has shape"),
        (lambda s: s * np.nan, "not finite"),
        (lambda s: None, "returned nothing"),
        (lambda s: "s", "not a number or an array"),
        (lambda s: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_only_arrays_of_the_right_shape_are_judged_together(monkeypatch, change, words):
    together(monkeypatch, lambda *given: pytest.fail("asked"))
    found = judged(otherwise(change))
    assert not found.passed
    assert words in found.text


@pytest.mark.parametrize(("key", "words"), [("", "is right."), ("no phi", "is wrong too.")])
def test_good_answers_do_not_excuse_changed_arguments(monkeypatch, key, words):
    def step(x_t, s_prev, W_x, W_s, b_s):
        b_s += 1
        return x_t @ W_x

    together(monkeypatch, lambda *given: (key, ""))
    found = judged(step)
    assert found.key == "changed"
    assert f"What it returns {words}" in found.text


def test_a_key_that_no_mistake_has_is_no_way_to_pass(monkeypatch):
    together(monkeypatch, lambda *given: ("unheard of", ""))
    with pytest.raises(ValueError, match="unpack"):
        judged(right)


def test_a_task_may_be_done_with_the_library(monkeypatch):
    together(monkeypatch, None, own=False)
    for rule in grading.OWN_CODE:
        found = judged(by_library, own_code=rule)
        assert found.passed
        assert not found.used
        assert "Note" not in found.text
