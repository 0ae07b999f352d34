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
from tools.teaching import inside, talking
from tools.teaching.course import Record

__all__ = ["CHECK", "checks", "fingerprint", "mark", "readable", "repaired"]

CHECK = re.compile(r'^grading\.check\("(ex\d\d)", (\d+), (\w+)\)', re.MULTILINE)
LARGEST = 20_000_000
"""Bytes of a submitted file."""
LONGEST = inside.SHOWN + 100
"""Characters of an output, with the words on what was left out."""


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
        Judge only this task anew and keep the others from the record that is there, if it is of the same
        file and exercise. What has no verdict there is judged, too.
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
    cells = _cells(notebook)
    heard = talking.converse(exercise, cells, seed, kind, seconds)
    kept, kept_flags = _kept(course.read(exercise, student) if only else None, known, only)
    tasks, odd = _judged(exercise, seed, heard, kept)
    reason = _why_not(exercise, heard, tasks, odd)
    return base._replace(
        state="ungraded" if reason else "graded",
        reason=reason,
        flags=heard.flags + flags + kept_flags + odd,
        tasks=tasks,
        outputs={str(n): _outputs(heard.outputs[n]) for n, _ in cells if n in heard.outputs},
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
        nbformat.writes(notebook).encode()  # half a character, as JSON can name it, cannot be written
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
        name = name if isinstance(name, str) else None
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


def _kept(before, known, only):
    """Verdicts and flags on the other tasks than `only`; none if they were on another file or exercise."""
    if not before or before.fingerprint != known:
        return {}, []
    tasks = {number: verdict for number, verdict in before.tasks.items() if number != str(only)}
    return tasks, [flag for number in tasks for flag in before.flags if flag.startswith(f"task {number} ")]


def _judged(exercise, seed, heard, kept):
    """(number -> verdict, what is odd) with the verdicts that are kept; tasks that said nothing have none."""
    tasks, flags = dict(kept), []
    for number in grading.exercise(exercise):
        if number not in heard.records or str(number) in kept:
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


def _why_not(exercise, heard, tasks, odd):
    """Why a submission cannot be graded as a whole; "" if it can."""
    silent = [str(number) for number in grading.exercise(exercise) if str(number) not in tasks]
    if not silent:
        return ""
    told = [flag for flag in heard.flags + odd if any(f"task {number} " in flag for number in silent)]
    return heard.trouble or "; ".join(told) or f"the function of task {', '.join(silent)} ended its process"


def _outputs(found):
    """Outputs that can be stored in a notebook and shown as text; anything else is dropped."""
    kept = []
    for output in found[: inside.OUTPUTS] if isinstance(found, list) else []:
        try:
            kept.append(_as_text(output))
        except (KeyError, TypeError, AttributeError):  # said by a submission: any shape is possible
            continue
    return kept


def _as_text(output):
    """An output as `inside` makes it."""
    if output["output_type"] == "stream" and output["name"] in ("stdout", "stderr"):
        return {"output_type": "stream", "name": output["name"], "text": str(output["text"])[:LONGEST]}
    data = {kind: str(text)[:LONGEST] for kind, text in output["data"].items() if kind == "text/plain"}
    return {"output_type": "display_data", "data": data, "metadata": {}}
