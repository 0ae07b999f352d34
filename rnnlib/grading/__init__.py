"""Checks of the exercises that name the misconception: `grading.check("ex03", 2, step_back)`.

A check draws random inputs, calls the learner's function on copies, and hands what came back, as plain data,
to another process. Only there the right answers exist; it compares, and where an answer is wrong it looks for
the known mistake that would give exactly this. The message names it and where to reread, never the answer.

    definitions     Task, Mistake; the inputs of a check, from its seed
    ex01 ... ex10   the tasks of each exercise
    calling         the learner's function, called with a time limit
    plain           answers as plain data
    differences     how two answers differ, in words
    judging         the verdict
    checking        `check`, all of it together
"""

from rnnlib.grading.checking import Wrong, check, verdict
from rnnlib.grading.definitions import EXERCISES, Mistake, Section, Task, exercise
from rnnlib.grading.judging import OWN_CODE, Verdict

__all__ = [
    "EXERCISES",
    "OWN_CODE",
    "Mistake",
    "Section",
    "Task",
    "Verdict",
    "Wrong",
    "check",
    "exercise",
    "verdict",
]
