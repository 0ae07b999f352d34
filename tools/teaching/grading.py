"""Grade all submissions of an exercise: in parallel, resumable, each on its own line."""

import contextlib
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

from rnnlib import grading
from tools.teaching import converting, marking, sandbox

__all__ = ["autograde", "is_graded", "say"]


def autograde(course, exercise, students=(), task=None, again=False, kind=sandbox.KINDS[0], workers=None):
    """Grade what is new; return the records of all students asked for.

    Parameters
    ----------
    course : Course
    exercise : str
    students : sequence of str
        Only these; everybody without it.
    task : int, optional
        Only this task.
    again : bool
        What was graded already, too.
    kind : one of `sandbox.KINDS`
    workers : int, optional
        Submissions at the same time; as many as there are cores without it.
    """
    sandbox.require(kind)
    if task and task not in grading.exercise(exercise):
        raise SystemExit(f"{exercise} has no task {task}, only 1 to {len(grading.exercise(exercise))}.")
    names = _chosen(course, exercise, students)
    fresh = [name for name in names if again or task or students or not is_graded(course, exercise, name)]
    done = len(names) - len(fresh)
    print(f"{exercise}: {len(names)} submissions, {done} graded already, {len(fresh)} to grade")
    started = time.monotonic()
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        waiting = {pool.submit(marking.mark, course, exercise, name, kind, task): name for name in fresh}
        try:
            for count, done in enumerate(as_completed(waiting), 1):
                with _uninterrupted():
                    _finish(course, exercise, waiting[done], done, f"{count}/{len(fresh)}")
        except KeyboardInterrupt:
            print("Interrupted; what runs comes to its end …", flush=True)
            pool.shutdown(wait=True, cancel_futures=True)
            print("What was graded is kept; run the same command to go on.")
            raise
    if fresh:
        seconds = time.monotonic() - started
        speed = f"{60 * len(fresh) / seconds:.0f} a minute"
        print(f"{len(fresh)} submissions in {seconds:.0f} s: {speed}, sandbox: {kind}")
    course.protect()
    return [record for name in names if (record := course.read(exercise, name))]


def _chosen(course, exercise, students):
    everybody = course.students(exercise)
    unknown = sorted(set(students) - set(everybody))
    if unknown:
        raise SystemExit(f"No submission of {exercise} by {', '.join(unknown)}.")
    return [name for name in everybody if not students or name in students]


def is_graded(course, exercise, name):
    """Whether the verdicts are those of what is there now, and nbgrader has them."""
    record = course.read(exercise, name)
    path = course.submission(name, exercise)
    if not record or record.fingerprint != marking.fingerprint(course, exercise, path):
        return False
    return course.autograded(name, exercise).exists() or not marking.readable(path)


@contextlib.contextmanager
def _uninterrupted():
    """Ctrl-C waits until a submission is written down: nbgrader would take it for a failure, and go on."""
    caught = []
    before = signal.signal(signal.SIGINT, lambda *_: caught.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if caught:
        raise KeyboardInterrupt


def _finish(course, exercise, name, done, place):
    """Write down one result. Whatever goes wrong with one submission is reported and stays there."""
    try:
        record = done.result()
        converting.take_over(course, exercise, record)
        course.write(exercise, record)
    except Exception as error:  # the others still have to be graded
        say(f"  {place} {name}: NOT GRADED, the grading itself failed: {type(error).__name__}: {error}")
        return
    points = f"{sum(found[0] for found in record.tasks.values())} of {len(record.tasks)} tasks"
    text = points if record.state == "graded" else f"{record.state.upper()}, {record.reason}"
    say(f"  {place} {name}: {text}" + "".join(f"; ! {flag}" for flag in record.flags))


def say(text):
    """Print a line on whatever terminal: characters that it does not know become question marks."""
    known = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(text.encode(known, "replace").decode(known), flush=True)
