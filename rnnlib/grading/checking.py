"""`check`: what the test cells of the exercises call."""

import getpass
import json
import os
import secrets
import subprocess
import sys
import textwrap

from rnnlib.grading import calling, judging

__all__ = ["OWN", "Wrong", "check", "verdict"]

SEED, OWN = "RNN_COURSE_SEED", "RNN_COURSE_OWN_CODE"
"""Environment variables: the seed of all checks; one of `judging.OWN_CODE`."""

WIDTH = 80
"""Characters in a line of a message; a notebook breaks longer lines inside words."""


class Wrong(AssertionError):
    """An answer that is not right yet; the message says why. A notebook shows the message alone."""

    def _render_traceback_(self):
        return [part for line in str(self).splitlines() for part in _parts(line)]


def _parts(line):
    """A line in parts of at most WIDTH characters, all of them indented as it is."""
    margin = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line, WIDTH, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
    )


def check(name, number, function, seed=None, own_code=None):
    """Check one task of an exercise; print a line if it is right.

    Parameters
    ----------
    name : str
        Of the exercise: "ex03".
    number : int
        Of the task.
    function : callable
        The learner's.
    seed : str, optional
        Of the random inputs. Without it the environment's RNN_COURSE_SEED, or a new one that starts with the
        user's name. A message of failure tells it, so that the check can be repeated.
    own_code : {"report", "refuse", "off"}, optional
        What to do if the answer calls rnnlib where the learner was to write. Without it the environment's
        RNN_COURSE_OWN_CODE, or "report".

    Raises
    ------
    Wrong
        If it is not right.
    """
    seed = seed or os.environ.get(SEED) or _new_seed()
    own_code = own_code or os.environ.get(OWN) or judging.OWN_CODE[0]
    found = verdict(name, number, function, seed, own_code, judge=_judge_elsewhere)
    if not found.passed:
        raise Wrong(found.text)
    print(found.text)


def verdict(name, number, function, seed, own_code="report", judge=judging.judge):
    """Return the `judging.Verdict` on a function; `judge` may be one that works in another process."""
    return judge(name, number, seed, calling.answers(name, number, function, seed), own_code)


def _new_seed():
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # no such user in this container
        user = "learner"
    return f"{user}-{secrets.randbelow(10**6):06d}"


def _judge_elsewhere(*question):
    """Ask a process of its own: what it knows cannot be seen or changed from here."""
    command = [sys.executable, "-P", "-m", "rnnlib.grading"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    answer = subprocess.run(
        command, input=json.dumps(question), capture_output=True, text=True, encoding="utf-8", env=environment
    )
    if answer.returncode:
        reason = answer.stderr.strip()[-2000:]
        raise RuntimeError(f"The check itself stopped; this is not your fault.\n{reason}")
    return judging.Verdict(*json.loads(answer.stdout))
