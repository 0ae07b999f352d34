"""One submission: read, repaired, run in the sandbox, judged. Nothing of it is trusted."""

import copy
import hashlib
import os
import re
import time
from pathlib import Path

import nbformat

from rnnlib import grading
from rnnlib.grading.checking import OWN
from rnnlib.grading.judging import OWN_CODE, judge
from tools.teaching import talking
from tools.teaching.course import Record

__all__ = ["CHECK", "checks", "fingerprint", "mark", "readable", "repaired"]

CHECK = re.compile(r'^grading\.check\("(ex\d\d)", (\d+), (\w+)\)', re.MULTILINE)
LARGEST = 20_000_000
"""Bytes of a submitted file."""


class Unreadable(ValueError):
    pass


def mark(course, exercise, student, kind="bubblewrap", only=None, seconds=talking.SECONDS):
    """Return the `Record` of a submission.

    Parameters
    ----------
    course : Course
    exercise, student : str
    kind : one of `sandbox.KINDS`
    only : int, optional
        Judge only this task anew and keep the others from the record that is there.
    seconds : dict, see `talking.converse`
    """
    started, path = time.monotonic(), course.submission(student, exercise)
    seed, known = course.seed(exercise, student), fingerprint(course, exercise, path)
    base = Record(student, "missing", "no file was submitted", seed=seed, fingerprint=known)
    if not path.exists():
        return base
    base = base._replace(handed_in=hashlib.sha256(path.read_bytes()).hexdigest())
    try:
        notebook, flags = repaired(_read(path), course.released(exercise))
    except Unreadable as error:
        return base._replace(state="ungraded", reason=str(error))
    heard = talking.converse(exercise, _cells(notebook), seed, kind, seconds)
    before = course.read(exercise, student) if only else None
    tasks, odd = _judged(exercise, seed, heard, only, before)
    reason = _why_not(exercise, heard, tasks)
    return base._replace(
        state="ungraded" if reason else "graded",
        reason=reason,
        flags=flags + odd,
        tasks=tasks,
        outputs={str(index): _outputs(found) for index, found in heard.outputs.items()},
        seconds=round(time.monotonic() - started, 2),
    )


def fingerprint(course, exercise, path):
    """Changes when the submission, the release, the judge's side or the rule on own code does."""
    digest = hashlib.sha256(_own_code().encode())
    judges = sorted(Path(grading.__file__).parent.glob(f"{exercise}*.py"))
    for file in (path, course.notebook("release", exercise), *judges):
        digest.update(file.read_bytes() if file.exists() else b"-")
    return digest.hexdigest()


# Reading


def readable(path):
    """Whether this file is there and is a notebook."""
    try:
        return bool(_read(path))
    except (Unreadable, OSError):
        return False


def _read(path):
    if path.stat().st_size > LARGEST:
        raise Unreadable(f"the file is larger than {LARGEST // 1_000_000} MB")
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # nbformat raises many kinds
        raise Unreadable(f"the file is not a notebook ({type(error).__name__})") from None
    return notebook


def role(cell):
    """nbgrader's metadata of a cell, if it has any."""
    found = cell.get("metadata", {}).get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def checks(released):
    """Name of a check's cell -> number of its task, as text."""
    graded = [cell for cell in released.cells if role(cell).get("grade")]
    found = {role(cell)["grade_id"]: CHECK.search(cell.source) for cell in graded}
    return {name: match[2] for name, match in found.items() if match}


def repaired(notebook, released):
    """The notebook with the release's own cells as they were handed out, and what had to be repaired.

    Cells that were ours get their text back, a second cell of the same name loses it, checks and answers that
    are gone come back at the end.
    """
    notebook, flags, seen = copy.deepcopy(notebook), [], set()
    ours = {role(cell)["grade_id"]: cell for cell in released.cells if role(cell)}
    for cell in notebook.cells:
        name = role(cell).get("grade_id")
        if name in seen or name not in ours or cell.cell_type != ours[name].cell_type:
            flags += [f"two cells are called {name}"] * (name in seen)
            cell.metadata.pop("nbgrader", None)
            continue
        seen.add(name)
        if role(ours[name])["locked"] and cell.source != ours[name].source:
            flags += [f"the check {name} was edited"] * role(ours[name])["grade"]
            cell.source = ours[name].source
        cell.metadata["nbgrader"] = copy.deepcopy(role(ours[name]))
    for name, cell in ours.items():
        if name not in seen and role(cell)["grade"]:
            flags.append(f"the cell {name} was deleted")
            notebook.cells.append(copy.deepcopy(cell))
    return notebook, flags


def _cells(notebook):
    """(index, source) of what is run: everything but the checks."""
    code = [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    return [(index, cell.source) for index, cell in code if not is_check(cell)]


def is_check(cell):
    """The match of a check's cell: [2] is the number of its task. None for other cells."""
    return CHECK.search(cell.source) if role(cell).get("grade") else None


# Judging


def _judged(exercise, seed, heard, only, before):
    """(number -> verdict, what is odd); tasks that said nothing have none."""
    tasks = dict(before.tasks) if before else {}
    flags = []
    for number in [only] if only else grading.exercise(exercise):
        tasks.pop(str(number), None)
        if number not in heard.records:
            continue
        try:
            verdict = judge(exercise, number, seed, heard.records[number], _own_code())
        except Exception as error:  # records can hold anything
            flags.append(f"task {number} returned what cannot be judged ({type(error).__name__})")
            continue
        flags += [f"task {number} calls {', '.join(verdict.used[:3])}"] * bool(verdict.used)
        tasks[str(number)] = list(verdict)
    return tasks, flags


def _own_code():
    """What the instructor wants to happen with solutions that call rnnlib."""
    return os.environ.get(OWN) or OWN_CODE[0]


def _why_not(exercise, heard, tasks):
    """Why a submission cannot be graded as a whole; "" if it can."""
    silent = [str(number) for number in grading.exercise(exercise) if str(number) not in tasks]
    if not silent:
        return ""
    return heard.trouble or f"the function of task {', '.join(silent)} ended its process"


def _outputs(found):
    """Outputs that can be stored in a notebook; anything else is dropped."""
    kept = []
    for output in found if isinstance(found, list) else []:
        try:
            node = nbformat.from_dict(output)
            nbformat.validate(node, ref="output", version=4)
            kept.append(output)
        except Exception:  # said by a submission: any shape is possible
            continue
    return kept
