"""Judge the records of a learner's function, and name the misconception that explains them.

Runs where the learner's code does not: it sees plain data only.
"""

import copy
from itertools import groupby
from typing import NamedTuple

import numpy as np

from rnnlib.grading import definitions
from rnnlib.grading.differences import described, equal
from rnnlib.grading.plain import decode, encode, fitted

__all__ = ["OWN_CODE", "Verdict", "judge"]

OWN_CODE = ("report", "refuse", "off")
"""What to do about a solution that calls rnnlib where it was to be written."""


class Verdict(NamedTuple):
    """The judgment of one task.

    passed : bool
    key : str         "" if it is right; the key of a `Mistake`; or "blank", "late", "error", "changed",
                      "different", "own code"
    text : str        what the learner reads
    used : tuple      functions of rnnlib that the answer called and should not have
    """

    passed: bool
    key: str
    text: str
    used: tuple = ()


def judge(name, number, seed, records, own_code="report"):
    """Return the `Verdict` on the records that `calling.answers` made with the same seed.

    Raises
    ------
    ValueError
        If `own_code` is none of OWN_CODE.
    """
    if own_code not in OWN_CODE:
        raise ValueError(f"own_code is {own_code!r}; expected one of {', '.join(OWN_CODE)}")
    task = definitions.task(name, number)
    used = tuple(sorted({entry for record in records for entry in record.get("used", ()) if task.own}))
    key, text, reread = _found(task, _trials(name, number, seed, task, records))
    if not key and used and own_code == "refuse":
        key, text, reread = "own code", _own(used), task.reread
    head = f"Task {number}, {task.title}: "
    if not key:
        note = f"\n  Note. {_own(used)}" if used and own_code == "report" else ""
        return Verdict(True, "", f"✓ {head}{text}{note}", used)
    lines = [f"✗ {head}not yet.", f"  {text}"]
    if key != "blank":
        again = f'grading.check("{name}", {number}, {task.function}, seed={seed!r})'
        lines.append(f"  The same inputs again: {again}")
    return Verdict(False, key, "\n".join([*lines, f"  Where the idea is: {reread}."]), used)


class _Trial(NamedTuple):
    arguments: dict
    record: dict
    answer: object
    right: object


def _trials(name, number, seed, task, records):
    """Records beside the right answers, for arguments that are drawn anew."""
    drawn = definitions.inputs(name, number, seed)
    ended = any(key in record for record in records[-1:] for key in ("late", "blank"))
    if len(records) != len(drawn) and not ended:
        raise ValueError(f"records has length {len(records)}; expected {len(drawn)}")
    rights = [_outcome(task, task.reference, given) for given in drawn]
    return [
        _Trial(given, record, _answer(task, decode(record.get("value")), right), right)
        for given, record, right in zip(drawn, records, rights, strict=False)
    ]


def _answer(task, answer, right):
    """The answer in the form of the right one; but one array where several parts are due stays one thing."""
    due = len(task.returns)
    if due > 1 and isinstance(answer, np.ndarray) and answer.shape[:1] != (due,):
        return answer
    return fitted(answer, right)


def _outcome(task, function, arguments):
    """What a function of ours returns, as a judge would see it from a learner."""
    given = copy.deepcopy(arguments)
    value = function(*given.values())
    return decode(encode(task.view(value, given) if task.view else value))


def _found(task, trials):
    """(key, text, where to reread) of what is wrong; key "" if nothing is, and the text says how right."""
    ends = _ended(task, trials[-1])
    if ends:
        return *ends, task.reread
    good = [_right(task, trial) for trial in trials]
    changed = sorted({name for trial in trials for name in trial.record.get("changed", ())})
    accepted = _accepted(task, trials) if all(good) else None
    if accepted and not changed:
        return accepted
    for mistake in () if task.accepts else task.mistakes:
        if _explains(task, mistake, trials, changed):
            return mistake.key, mistake.says, mistake.reread or task.reread
    if changed:
        return "changed", _overwrites(changed, accepted and not accepted[0]), task.reread
    return *_unexplained(task, trials, good), task.reread


def _ended(task, last):
    if "blank" in last.record:
        return "blank", f"{task.function} is not written yet."
    if "late" in last.record:
        text = f"It took too long with {_shapes(last.arguments)}. Does a loop never end,"
        return "late", f"{text} or is the same worked out again and again?"
    return None


def _right(task, trial):
    """Whether an answer is right, or can be handed to `accepts`."""
    if task.accepts:
        same = isinstance(trial.answer, np.ndarray) and trial.answer.shape == trial.right.shape
        return same and bool(np.isfinite(trial.answer).all())
    return "value" in trial.record and equal(trial.answer, trial.right, task.tolerance, task.single)


def _accepted(task, trials):
    """As `_found`, for answers that are right one by one, or that are good enough together or not."""
    if not task.accepts:
        return "", f"right on {task.trials} random inputs.", task.reread
    answers, rights, given = zip(
        *((trial.answer, trial.right, trial.arguments) for trial in trials), strict=True
    )
    key, words = task.accepts(answers, rights, given)
    if not key:
        return "", words, task.reread
    (mistake,) = (mistake for mistake in task.mistakes if mistake.key == key)
    return key, f"{words} {mistake.says}", mistake.reread or task.reread


def _explains(task, mistake, trials, changed):
    """Whether a learner with this mistake would have returned exactly this."""
    if not set(mistake.changes) <= set(changed):
        return False
    if mistake.answer is None:
        return all(_right(task, trial) for trial in trials)
    return all(_agrees(task, mistake, trial) for trial in trials)


def _agrees(task, mistake, trial):
    try:
        with np.errstate(all="ignore"):
            expected = _outcome(task, mistake.answer, trial.arguments)
    except Exception:  # a variant may be unable to take an input at all: then so was the learner's
        return "value" not in trial.record
    return "value" in trial.record and equal(trial.answer, expected, task.tolerance, task.single)


def _overwrites(changed, right):
    names = ", ".join(changed)
    rest = "What it returns is right." if right else "What it returns is wrong too."
    return f"It changes its argument {names} in place: whoever called it still needs the old values. {rest}"


def _unexplained(task, trials, good):
    first = trials[good.index(False)] if any(good) else trials[min(1, len(trials) - 1)]  # 0 is the smallest
    tried = f"With {_shapes(first.arguments)}: "
    if "error" in first.record:
        text, key = f"it stopped: {first.record['error']}", "error"
    elif "unread" in first.record:
        wanted, key = ", ".join(task.returns), "error"
        text = f"what it returned cannot be read as {wanted}: {first.record['unread']}"
    elif first.answer is None:
        text, key = "it returned nothing. Is there a `return`?", "different"
    else:
        text, key = described(first.answer, first.right, task.returns, task), "different"
    if any(good):
        example = _shapes(trials[good.index(True)].arguments)
        text += f"\n  Right on {sum(good)} of {len(trials)} inputs, first with {example}."
    return key, tried + text


def _shapes(arguments):
    """The arguments in a few words: shapes of arrays, small numbers as they are."""
    shapes = {name: getattr(value, "shape", ()) for name, value in arguments.items()}
    words = []
    for shape, names in groupby(arguments, shapes.get):
        if shape:
            words.append(f"{', '.join(names)} {shape}")
        else:
            words += [text for name in names if (text := _short(name, arguments[name]))]
    return ", ".join(words) or "these inputs"


def _short(name, value):
    """What is no array, unless it is long."""
    if isinstance(value, float):
        return f"{name} = {value:.4g}"
    plain = isinstance(value, (int, str)) or (isinstance(value, (tuple, list)) and len(str(value)) < 80)
    return f"{name} = {value}" if plain else ""


def _own(used):
    return f"It calls {', '.join(used[:3])}; this task is to be written by yourself."
