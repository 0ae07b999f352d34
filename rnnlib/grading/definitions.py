"""What an exercise is made of: tasks, and the known mistakes in each."""

import importlib
import zlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

__all__ = ["EXERCISES", "Mistake", "Section", "Task", "exercise", "inputs", "task"]

EXERCISES = tuple(f"ex{number:02d}" for number in range(1, 11))


class Section(NamedTuple):
    """A place in a lesson.

    lesson : str     number of the lesson, "3" or "9b"
    heading : str    as it stands there, without the #
    """

    lesson: str
    heading: str

    def __str__(self):
        return f"lesson {self.lesson}, “{self.heading}”"


class Mistake(NamedTuple):
    """A known wrong variant of a task.

    key : str               short name, unique in its task: "transposed"
    says : str              what the learner reads: the misconception, never the answer
    answer : callable       returns what a learner with this mistake would return, given the task's arguments.
                            None for mistakes that give the right numbers but change an argument (`changes`),
                            and for those that the task's `accepts` finds
    reread : Section        if another one than the task's
    changes : tuple         names of the arguments that this mistake overwrites
    """

    key: str
    says: str
    answer: Callable | None = None
    reread: Section | None = None
    changes: tuple = ()


class Task(NamedTuple):
    """One task of an exercise.

    title : str
    function : str          what the learner writes
    returns : tuple         names of what it returns, with axes where they help: ("dE_dW_s (n_s, n_s)",)
    draw : callable         (rng, trial) -> dict of arguments, in the order of the function's parameters;
                            trial 0 is the smallest case
    reference : callable    the right answer, from the same arguments
    mistakes : tuple        of Mistake; of two that agree on all inputs the first is named
    reread : Section        where the idea is
    uses : tuple            functions of earlier tasks that it may call; they are replaced by references
    view : callable         (answer, arguments) -> plain numbers, text or tuples, where an answer is neither
    trials : int            number of random inputs
    tolerance : float       largest difference, as a part of the largest number of the right answer
    single : bool           whether float32 is precise enough
    accepts : callable      where answers are judged together: (answers, rights, inputs), each one for every
                            trial, -> (key, words). Key "" if they are good enough, else that of a mistake,
                            before whose sentence the words stand: how good they are. Asked only if every
                            answer is an array of finite numbers in the shape of the right one
    own : bool              whether it is to be written without rnnlib's own
    """

    title: str
    function: str
    returns: tuple
    draw: Callable
    reference: Callable
    mistakes: tuple
    reread: Section
    uses: tuple = ()
    view: Callable | None = None
    trials: int = 6
    tolerance: float = 1e-6
    single: bool = True
    accepts: Callable | None = None
    own: bool = True


def exercise(name):
    """Return the tasks of an exercise, "ex01" and so on: number -> Task."""
    if name not in EXERCISES:
        raise ValueError(f"exercise is {name!r}; expected one of {', '.join(EXERCISES)}")
    module = importlib.import_module(f"rnnlib.grading.{name}")
    return dict(enumerate(module.TASKS, 1))


def task(name, number):
    """Return one task."""
    tasks = exercise(name)
    if number not in tasks:
        raise ValueError(f"{name} has no task {number!r}; expected one of {', '.join(map(str, tasks))}")
    return tasks[number]


def inputs(name, number, seed):
    """Return the arguments of every trial, new copies at each call; the same seed gives the same numbers."""
    chosen = task(name, number)
    start = zlib.crc32(f"{name} {number} {seed}".encode())
    return [chosen.draw(np.random.default_rng((start, trial)), trial) for trial in range(chosen.trials)]
