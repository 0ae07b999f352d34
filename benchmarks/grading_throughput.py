"""How many submissions are graded in a minute, with the sandbox and without.

Generated submissions of exercise 2, right ones and mistaken ones, run, judged and entered into the gradebook:
python benchmarks/grading_throughput.py
"""

import argparse
import contextlib
import io
import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import submissions as made
from tools import exercises
from tools.teaching import grading, sandbox
from tools.teaching.course import Course

LEAST = 40
"""Submissions a minute on two cores, without the sandbox."""


def course_of(root, count):
    """A course with `count` submissions: every third right, the others with known mistakes."""
    course = Course(Path(root))
    shutil.copytree(exercises.SOURCE / "ex02", course.root / "source" / "ex02")
    course.release("ex02")
    for number in range(count):
        path = course.submission(f"student{number:03d}", "ex02")
        path.parent.mkdir(parents=True)
        nbformat.write(made.mistaken(number)[0] if number % 3 else made.solved(), path)
    return course


def rate(course, kind, count):
    """Submissions a minute."""
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        records = grading.autograde(course, "ex02", again=True, kind=kind, workers=2)
    assert [record.state for record in records] == ["graded"] * count
    return 60 * count / (time.perf_counter() - started)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument(
        "--check", action="store_true", help=f"fail below {LEAST} a minute without the sandbox"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        course = course_of(root, options.count)
        rates = {
            kind: rate(course, kind, options.count) for kind in ("none", *sandbox.KINDS)
        }  # the first warms up
    for kind, found in rates.items():
        print(f"sandbox {kind:10} {found:4.0f} submissions a minute, 2 at a time")
    print(f"with the sandbox {rates['bubblewrap'] / rates['none']:.2f} times as many as without")
    return 1 if options.check and rates["none"] < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
