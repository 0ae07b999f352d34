"""`python -m tools.teaching autograde ex02`: the commands of the instructor's guide, docs/teaching.md."""

import argparse
import subprocess
import sys
from pathlib import Path

from rnnlib.grading import EXERCISES
from tools.teaching import bundle, collecting, sandbox
from tools.teaching.course import FOLDER, Course


def parser():
    root = argparse.ArgumentParser(prog="python -m tools.teaching", description=__doc__)
    root.add_argument("--course", type=Path, default=FOLDER, help="folder (notebooks/exercises)")
    commands = root.add_subparsers(dest="command", required=True)
    one = commands.add_parser("bundle", help="write the zip file for students")
    one.add_argument("target", nargs="?", type=Path, default=Path("rnn-course.zip"))
    commands.add_parser("formgrader", help="open nbgrader's pages for grading by hand")
    names = ["release", "collect", "autograde", "feedback", "export", "report"]
    subs = {name: commands.add_parser(name) for name in names}
    for sub in subs.values():
        sub.add_argument("exercise", choices=EXERCISES, metavar="ex01...")
    subs["collect"].add_argument("source", type=Path, help="folder, or zip file of a learning platform")
    subs["collect"].add_argument("--pattern", help="regular expression with groups `student` and `file`")
    for name in ("autograde", "feedback"):
        subs[name].add_argument(
            "--student", action="append", default=[], help="only this one; may be repeated"
        )
    subs["autograde"].add_argument("--task", type=int, help="only this task")
    subs["autograde"].add_argument("--again", action="store_true", help="what was graded already, too")
    subs["autograde"].add_argument("--sandbox", choices=sandbox.KINDS, default=sandbox.KINDS[0])
    subs["autograde"].add_argument("--workers", type=int, help="submissions at a time (default: cores)")
    for name in ("export", "report"):
        subs[name].add_argument("target", nargs="?", type=Path)
    return root


def main(arguments=None):
    root = parser()
    options, options.flags = root.parse_known_args(arguments)
    if options.flags and options.command != "formgrader":
        root.error(f"unrecognized arguments: {' '.join(options.flags)}")
    course = Course(options.course.resolve())
    try:
        return COMMANDS[options.command](course, options)
    except sandbox.Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _collect(course, options):
    collecting.collect(course, options.exercise, options.source, options.pattern)
    course.protect()


def _autograde(course, options):
    from tools.teaching import grading

    how = {"task": options.task, "again": options.again, "kind": options.sandbox, "workers": options.workers}
    grading.autograde(course, options.exercise, options.student, **how)
    names = options.student or course.students(options.exercise)
    return 0 if all(grading.is_graded(course, options.exercise, name) for name in names) else 1


def _feedback(course, options):
    from tools.teaching import converting, marking
    from tools.teaching.grading import say

    failed = 0
    for student in options.student or course.students(options.exercise):
        record = course.read(options.exercise, student)
        is_there = course.autograded(student, options.exercise).exists()
        if record and is_there and marking.readable(course.submission(student, options.exercise)):
            try:
                converting.feedback(course, options.exercise, student)
                say(f"  feedback/{student}/{options.exercise}/{options.exercise}.html")
            except Exception as error:  # the others still get theirs
                failed = 1
                say(f"  {student}: NO FEEDBACK, {type(error).__name__}: {error}")
        else:
            say(f"  {student}: no feedback, {record.reason if record else 'not graded yet'}")
    course.protect()
    return failed


def _formgrader(course, options):
    """nbgrader reads its settings from the folder in which it is started. Other flags go to JupyterLab."""
    settings = course.root / "nbgrader_config.py"
    if not settings.exists():
        settings.write_bytes((FOLDER / settings.name).read_bytes())
    command = [sys.executable, "-m", "jupyter", "lab", "--LabApp.default_url=/formgrader", *options.flags]
    return subprocess.call(command, cwd=course.root, env=course.environment())


def _written(name):
    def command(course, options):
        from tools.teaching import reporting

        suffix = {"export": "csv", "report": "html"}[name]
        target = options.target or course.root / "grading" / f"{options.exercise}.{suffix}"
        getattr(reporting, name)(course, options.exercise, target)

    return command


COMMANDS = {
    "bundle": lambda course, options: bundle.bundle(options.target) and None,
    "formgrader": _formgrader,
    "release": lambda course, options: course.release(options.exercise),
    "collect": _collect,
    "autograde": _autograde,
    "feedback": _feedback,
    "export": _written("export"),
    "report": _written("report"),
}

if __name__ == "__main__":
    sys.exit(main())
