"""The checks themselves: what they catch, what they tell, and that nobody can talk to the judge."""

import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from rnnlib import RNN, RNNParams, grading
from rnnlib.grading import calling, definitions, judging
from rnnlib.grading.differences import described

SEED = "ada-1"


def right(x_t, s_prev, W_x, W_s, b_s):
    return np.tanh(x_t @ W_x + s_prev @ W_s + b_s)


def judged(function, seed=SEED, number=1, **options):
    return grading.verdict("ex02", number, function, seed, **options)


def otherwise(change):
    """The right step with a change of its result."""
    return lambda *given: change(right(*given))


# What a learner sees


def test_a_right_answer_prints_a_line(capsys):
    grading.check("ex02", 1, right)
    assert capsys.readouterr().out == "✓ Task 1, one step: right on 6 random inputs.\n"


def test_a_wrong_answer_raises_and_the_notebook_shows_the_message_alone():
    with pytest.raises(grading.Wrong, match="before φ") as caught:
        grading.check("ex02", 1, lambda x_t, s_prev, W_x, W_s, b_s: x_t @ W_x + s_prev @ W_s + b_s)
    assert caught.value._render_traceback_() == str(caught.value).splitlines()
    assert isinstance(caught.value, AssertionError)


def test_a_notebook_shows_long_lines_in_parts_and_no_word_is_broken():
    with pytest.raises(grading.Wrong) as caught:
        grading.check("ex02", 1, lambda *given: np.zeros((2, 2, 2)))
    shown = caught.value._render_traceback_()
    assert max(map(len, str(caught.value).splitlines())) > 80 >= max(map(len, shown))
    assert " ".join(shown).split() == str(caught.value).split()
    assert all(line.startswith("  ") for line in shown[1:])


def test_a_failed_check_can_be_repeated(monkeypatch):
    monkeypatch.setenv("RNN_COURSE_SEED", "emmy-17")
    with pytest.raises(grading.Wrong, match="seed='emmy-17'") as first:
        grading.check("ex02", 1, otherwise(np.negative))
    assert """grading.check("ex02", 1, step, seed='emmy-17')\n""" in str(first.value)
    with pytest.raises(grading.Wrong) as second:
        grading.check("ex02", 1, otherwise(np.negative), seed="emmy-17")
    assert str(first.value) == str(second.value)


def test_without_a_seed_every_check_has_new_inputs(monkeypatch):
    monkeypatch.delenv("RNN_COURSE_SEED", raising=False)
    seeds = set()
    for _ in range(3):
        with pytest.raises(grading.Wrong, match="seed=") as caught:
            grading.check("ex02", 1, otherwise(np.negative))
        seeds.add(str(caught.value).partition("seed=")[2])
    assert len(seeds) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (np.negative, "wrong sign everywhere"),
        (lambda s: 3 * s, "the right direction and the wrong size: 3 times"),
        (lambda s: -2 * s, "the wrong sign and the wrong size: -2 times"),
        (lambda s: s + 1e-5, "nearly right"),
        (np.zeros_like, "zero everywhere"),
        (lambda s: s * np.nan, "not finite"),
        (np.transpose, "Is it transposed?"),
        (lambda s: None, "it returned nothing"),
        (lambda s: "s", "not a number or an array"),
        (lambda s: {"s": s}, "not a number or an array"),
        (lambda s: iter(s), "returned list_iterator|returned .*iterator"),
        (lambda s: s.astype(object), "array of object"),
        (lambda s: s.astype(complex), "array of complex128"),
        (lambda s: s[:, :-1], "has shape"),
        (lambda s: s[0, 0], "has shape"),
        (lambda s: s + (np.arange(s.shape[1]) == 1), r"at index 1 of axis 1 \(n_s\), which has"),
        (lambda s: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_the_kind_of_error_is_named(change, words):
    found = judged(otherwise(change))
    assert not found.passed
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(found.text)


def test_the_line_that_stopped_is_shown():
    def step(x_t, s_prev, W_x, W_s, b_s):
        return x_t @ W_s

    assert "in step: return x_t @ W_s" in judged(step).text


def test_what_works_only_for_one_sequence_is_told():
    found = judged(lambda *given: right(*given)[:1])
    assert "has shape" in found.text
    assert "Right on 1 of 6 inputs, first with x_t (1," in found.text


def test_a_square_part_that_is_transposed_is_told():
    a, b, task = np.arange(9.0).reshape(3, 3), np.ones(2), definitions.task("ex02", 1)
    assert described((a.T, b), (a, b), ("a (n, n)", "b"), task) == "a is transposed. Right already: b."
    assert "transposed" not in described((2 + a, b), (a, b), ("a (n, n)", "b"), task)


def test_several_numbers_in_place_of_one_are_told():
    found = judged(lambda n_x, n_s, n_y, T: (n_x * n_s, n_s * n_s, n_s, n_s * n_y), number=4)
    assert "the number of weights came as 4 things; expected one number." in found.text


def test_arguments_of_one_shape_are_told_together():
    a, b, path = np.ones((2, 3)), np.ones(4), ((1, 1), (2, 1))
    told = judging._shapes({"a": a, "b": a, "path": path, "w": 0.5, "long": (0,) * 50, "c": b, "n": 2})
    assert told == "a, b (2, 3), path = ((1, 1), (2, 1)), w = 0.5, c (4,), n = 2"


def test_one_number_is_not_wrong_everywhere():
    one, task = np.array(3.0), definitions.task("ex02", 1)
    assert described(np.array(0.0), one, ("the count",), task) == "the count is zero; it should not be."
    assert described(np.array(-3.0), one, ("the count",), task) == "the count has the wrong sign."


def test_arguments_in_another_number_are_told():
    assert "expected step(x_t, s_prev, W_x, W_s, b_s)" in judged(lambda x_t, s_prev: x_t).text


@pytest.mark.parametrize("answer", [None, 3, np.zeros(2)])
def test_not_a_function(answer):
    with pytest.raises(TypeError, match="step is .*; expected a function"):
        judged(answer)


@pytest.mark.parametrize(("name", "number", "words"), [
    ("ex99", 1, "exercise is 'ex99'; expected one of ex01"),
    ("ex02", 7, "ex02 has no task 7; expected one of 1, 2, 3, 4"),
])  # fmt: skip
def test_unknown_tasks_are_told(name, number, words):
    with pytest.raises(ValueError, match=words):
        grading.check(name, number, right)


# Bounds


def never_ends(*given):
    while True:
        pass


def never_ends_and_catches_errors(*given):
    while True:
        try:
            time.sleep(0.01)
        except Exception:
            continue


@pytest.mark.parametrize("function", [never_ends, never_ends_and_catches_errors])
def test_what_never_ends_is_stopped(function):
    started = time.monotonic()
    records = calling.answers("ex02", 1, function, SEED, seconds=0.3)
    assert records[-1]["late"]
    assert time.monotonic() - started < 5


def test_what_never_ends_is_stopped_where_interrupts_are_ignored():
    """As in a process that a script has put into the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert calling.answers("ex02", 1, never_ends, SEED, seconds=0.3)[-1]["late"]
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN, "as it was"
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_late_answer_says_so():
    records = calling.answers("ex02", 1, never_ends, SEED, seconds=0.2)
    found = grading.judging.judge("ex02", 1, SEED, records)
    assert (found.passed, found.key) == (False, "late")
    assert "Does a loop never end" in found.text


def test_the_stop_button_still_works():
    def stopped(*given):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calling.answers("ex02", 1, stopped, SEED)


def test_enormous_answers_are_not_sent():
    found = judged(lambda *given: np.zeros((2000, 2000)))
    assert "array of enormous size" in found.text


# Isolation


def test_a_function_that_changes_its_arguments_is_told():
    def step(x_t, s_prev, W_x, W_s, b_s):
        s_prev += 0.5
        s_prev -= 0.5
        s_prev[0, 0] = 9.0
        return right(x_t, s_prev, W_x, W_s, b_s)

    def tidy_step(x_t, s_prev, W_x, W_s, b_s):
        result = right(x_t, s_prev, W_x, W_s, b_s)
        s_prev[:] = 0
        return result

    assert "changes its argument s_prev in place" in judged(step).text
    found = judged(tidy_step)
    assert not found.passed
    assert "What it returns is right." in found.text


def test_one_call_cannot_spoil_the_next():
    def step(x_t, s_prev, W_x, W_s, b_s):
        W_s[:] = 0
        return right(x_t, s_prev, W_x, W_s, b_s)

    first, second = judged(step), judged(right)
    assert not first.passed
    assert second.passed


def test_patching_numpy_does_not_help(monkeypatch):
    for name in ("allclose", "array_equal", "all", "abs"):
        monkeypatch.setattr(np, name, lambda *args, **options: True)
    monkeypatch.setattr(grading.judging, "judge", lambda *question: grading.Verdict(True, "", "✓"))
    with pytest.raises(grading.Wrong):
        grading.check("ex02", 1, otherwise(np.negative))


def test_the_judges_process_answers_plain_data():
    records = calling.answers("ex02", 1, right, SEED)
    question = json.dumps(["ex02", 1, SEED, records, "report"])
    command = [sys.executable, "-P", "-m", "rnnlib.grading"]
    answer = subprocess.run(command, input=question, capture_output=True, text=True, encoding="utf-8")
    assert json.loads(answer.stdout)[0] is True, answer.stderr


def test_a_judge_that_stops_is_not_the_learners_fault(monkeypatch):
    monkeypatch.setattr(calling, "answers", lambda *given: [])
    with pytest.raises(RuntimeError, match="not your fault"):
        grading.check("ex02", 1, right)


def test_records_that_are_not_complete_are_refused():
    records = calling.answers("ex02", 1, right, SEED)
    for wrong in (records[:-1], records * 2, []):
        with pytest.raises(ValueError, match=f"records has length {len(wrong)}; expected 6"):
            grading.judging.judge("ex02", 1, SEED, wrong)


def test_answers_for_other_inputs_do_not_pass():
    records = calling.answers("ex02", 1, right, "emmy-2")
    assert not grading.judging.judge("ex02", 1, SEED, records).passed


# Earlier tasks


def test_later_tasks_use_the_right_earlier_ones():
    scope = {"np": np, "step": otherwise(np.negative)}
    source = "def unfold(x, s_0, *weights):\n    s = [s_0]\n    for x_t in x:\n        s.append(step(x_t, s[-1], *weights))\n    return s"  # noqa: E501
    exec(source, scope)
    mine = scope["step"]
    assert judged(scope["unfold"], number=2).passed
    assert scope["step"] is mine, "the learner's own is back"
    del scope["step"]
    assert judged(scope["unfold"], number=2).passed
    assert "step" not in scope


# Own code


def by_library(x_t, s_prev, W_x, W_s, b_s):
    return RNN().step(RNNParams(W_x, W_s, b_s), s_prev, x_t)


def test_calling_rnnlib_is_reported_refused_or_let_be():
    reported, refused, off = (judged(by_library, own_code=rule) for rule in grading.OWN_CODE)
    assert reported.passed
    assert "RNN.step; this task is to be written by yourself" in reported.text
    assert not refused.passed
    assert refused.key == "own code"
    assert off.passed
    assert "Note" not in off.text
    assert "rnnlib.cells.rnn.RNN.step" in off.used


def test_calling_a_reference_is_not_writing_it():
    from rnnlib.grading import ex02

    assert "rnnlib.grading.ex02.step" in judged(lambda *given: ex02.step(*given)).used


def test_the_rule_is_switched_by_the_environment(monkeypatch):
    monkeypatch.setenv("RNN_COURSE_OWN_CODE", "refuse")
    with pytest.raises(grading.Wrong, match="written by yourself"):
        grading.check("ex02", 1, by_library)
    with pytest.raises(ValueError, match="own_code is 'perhaps'; expected one of report, refuse, off"):
        judged(right, own_code="perhaps")


def test_what_the_check_itself_provides_is_free():
    def unfold(x, s_0, *weights):
        s = [s_0]
        for x_t in x:
            s.append(step(x_t, s[-1], *weights))  # noqa: F821
        return s

    found = judged(unfold, number=2)
    assert found.passed
    assert not found.used


def test_exit_and_errors_without_a_text_are_told_as_errors():
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError

    def leaves(*given):
        sys.exit("enough")

    def silent(*given):
        raise Mute

    for function, text in ((leaves, "SystemExit: enough"), (silent, "Mute: (without a text)")):
        records = calling.answers("ex02", 1, function, SEED)
        assert records[0]["error"].startswith(text)
