"""What came out: the marks as CSV, and a page on the class that can be read without a network."""

import csv
import html
import io
from collections import Counter
from typing import NamedTuple

from matplotlib.figure import Figure
from nbgrader.api import Gradebook, MissingEntry

from rnnlib import grading
from rnnlib.colors import style
from tools.teaching import marking, talking
from tools.teaching.course import Record

__all__ = ["export", "report"]

KINDS = {"blank": "not written", "late": "does not end", "error": "stops with an error"}
KINDS |= {"different": "wrong in a way of its own", "changed": "changes its arguments"}
KINDS |= {"own code": "calls rnnlib"}


def export(course, exercise, target):
    """Write one row a student: state, points, points of each task, flags, misconceptions.

    Whoever is not graded has no points there, not 0.
    """
    rows = [_row(course, exercise, student) for student in course.students(exercise)]
    with open(target, "w", newline="", encoding="utf-8", errors="replace") as file:
        writer = csv.DictWriter(file, _columns(exercise))
        writer.writeheader()
        writer.writerows(rows)
    graded = sum(row["state"].startswith("graded") for row in rows)
    print(f"{target}: {len(rows)} students, {graded} graded")
    return rows


def _columns(exercise):
    tasks = [f"task {number}" for number in grading.exercise(exercise)]
    return ["student", "state", "points", "of", *tasks, "by hand", "reason", "flags", "misconceptions"]


def _row(course, exercise, student):
    record, grades = _found(course, exercise, student)
    row = {"student": student, "state": record.state if record else "not graded yet"}
    if not record:
        return row
    row |= {"reason": record.reason, "flags": "; ".join(record.flags)}
    wrong = {number: key for number, (passed, key, *_) in record.tasks.items() if not passed}
    row["misconceptions"] = "; ".join(f"{number}: {key}" for number, key in wrong.items())
    numbers = marking.checks(course.released(exercise))
    for name, grade in grades.items():
        row[f"task {numbers[name]}" if name in numbers else "by hand"] = grade.text
    if record.state.startswith("graded"):
        row["points"] = f"{sum(grade.score for grade in grades.values()):g}"
    row["of"] = f"{sum(grade.most for grade in grades.values()):g}" if grades else ""
    return row


def _found(course, exercise, student):
    """(record or None, name of a cell -> `Grade`); what was graded by hand altogether is called so.

    What cannot be read of one student is said in place of the record: the others are there to be read.
    """
    try:
        record, grades = course.read(exercise, student), _grades(course, exercise, student)
    except Exception as error:
        why = f"what was recorded cannot be read ({type(error).__name__})"
        return Record(student, "ungraded", why), {}
    is_done = grades and not any(grade.is_open for grade in grades.values())
    if record and record.state == "ungraded" and is_done:
        record = record._replace(state="graded by hand")
    return record, grades


class Grade(NamedTuple):
    score: float
    most: float
    is_open: bool
    is_by_hand: bool

    @property
    def text(self):
        """As in the CSV: points of an earlier file are shown, but wait to be looked at again."""
        if self.is_open:
            return f"{self.score:g}, look again" if self.is_by_hand else "to grade"
        return f"{self.score:g}"


def _grades(course, exercise, student):
    with Gradebook(course.database) as gradebook:
        try:
            submission = gradebook.find_submission(exercise, student)
        except MissingEntry:
            return {}
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        return {
            grade.cell.name: Grade(
                grade.score, grade.max_score, grade.needs_manual_grade, grade.manual_score is not None
            )
            for grade in grades
        }


# The page


def report(course, exercise, target):
    """Write the page: first who asked for answers, is not graded or looks odd, then what was understood."""
    found = {student: _found(course, exercise, student)[0] for student in course.students(exercise)}
    waiting = [name for name, record in found.items() if not record]
    records = [record for record in found.values() if record]
    parts = [_attention(records, waiting), _understood(exercise, records)]
    graded = sum(record.state.startswith("graded") for record in records)
    title = f"{exercise}: {graded} of {len(found)} graded"
    page = PAGE.format(title=html.escape(title), body="\n".join(parts))
    target.write_text(page, encoding="utf-8", errors="replace")
    print(target)


def _attention(records, waiting):
    open_ = [record for record in records if not record.state.startswith("graded")]
    odd = [(record.student, f"{record.state}: {record.reason}") for record in open_]
    odd += [(name, "not graded yet") for name in waiting]
    odd += [(record.student, "; ".join(record.flags)) for record in records if record.flags]
    odd.sort(key=lambda row: talking.AHEAD not in row[1])  # they come first, the others in their order
    if not odd:
        return "<h2>To look at</h2><p>Nothing: every submission was graded, and none looks odd.</p>"
    rows = "".join(f"<tr><td>{html.escape(name)}</td><td>{html.escape(text)}</td></tr>" for name, text in odd)
    return f"<h2>To look at ({len(odd)})</h2><table><tr><th>student</th><th>what</th></tr>{rows}</table>"


def _understood(exercise, records):
    parts = ["<h2>What was understood</h2>"]
    for number, task in grading.exercise(exercise).items():
        found = [record.tasks[str(number)] for record in records if str(number) in record.tasks]
        passed = sum(entry[0] for entry in found)
        share = f"{passed} of {len(found)} right" if found else "nobody was graded"
        parts.append(f"<h3>Task {number}, {html.escape(task.title)}: {share}</h3>")
        wrong = Counter(entry[1] for entry in found if not entry[0])
        parts += [_chart(task, passed, wrong), _sentences(task, wrong)] if found else []
    return "\n".join(parts)


def _chart(task, passed, wrong):
    """Bars: how many were right, and which misconceptions how often."""
    labels = ["right", *(KINDS.get(key, key) for key, _ in wrong.most_common())]
    counts = [passed, *(count for _, count in wrong.most_common())]
    text = io.StringIO()
    with style():
        fig = Figure(figsize=(7, 0.5 + 0.28 * len(labels)), layout="constrained")
        ax = fig.subplots()
        bars = ax.barh(labels, counts, color=["0.75", *["C1"] * len(wrong)])
        ax.bar_label(bars, padding=3)
        ax.invert_yaxis()
        ax.set(xlim=(0, max(counts) * 1.1), xticks=[])
        fig.savefig(text, format="svg", metadata={"Date": None})
    named = [f"{label} {count}" for label, count in zip(labels, counts, strict=True)]
    alt = f"{task.title}: {', '.join(named)}"
    picture = text.getvalue()
    return f'<div role="img" aria-label="{html.escape(alt)}">{picture[picture.index("<svg") :]}</div>'


def _sentences(task, wrong):
    says = {mistake.key: mistake.says for mistake in task.mistakes}
    lines = [f"<li><b>{html.escape(key)}</b> ({count}): {html.escape(says[key])}</li>"
             for key, count in wrong.most_common() if key in says]  # fmt: skip
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em }}
body {{ color: #222; background: #fff }}
td, th {{ text-align: left; vertical-align: top; padding: 0.2em 1em 0.2em 0; border-bottom: 1px solid #ccc }}
svg {{ max-width: 100%; height: auto }}
</style>
<h1>{title}</h1>
{body}
</html>
"""
