"""Hold the conversation with a sandboxed submission: hand in, listen, answer, and end it when it is over.

Nothing that comes out is trusted: lines are bounded, unreadable ones end the conversation, time runs out.
Tasks have their turns: a right version is told only when the task it belongs to can no longer be answered.
"""

import contextlib
import itertools
import json
import math
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from typing import NamedTuple

import cloudpickle
import numpy as np

from rnnlib import grading
from rnnlib.grading import calling, plain
from tools.teaching import sandbox

__all__ = ["AHEAD", "Heard", "converse"]

SECONDS = {"cell": 20, "whole": 90}
LARGEST = 40_000_000
"""Bytes that a submission may say in all."""
LARGE = 10_000
"""Numbers that a question may hold; ten times as many as any exercise draws."""
LIBRARY = re.compile(r"rnnlib[\w.<>]{0,200}")
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, BrokenPipeError)
AHEAD = "asked for the right version of task"
"""How the flag of a submission begins that wanted to be told an answer before it gave its own."""


class Heard(NamedTuple):
    """What a submission said.

    outputs : dict     index of a cell -> its outputs
    records : dict     number of a task -> the records of its function
    trouble : str      "" or why the conversation ended early
    flags : list       what was said out of turn, and did not count
    """

    outputs: dict
    records: dict
    trouble: str
    flags: list


def converse(exercise, cells, seed, kind="bubblewrap", seconds=SECONDS):
    """Run a submission's cells, then ask its functions; return what was `Heard`.

    Parameters
    ----------
    exercise : str
    cells : list of (index, source)
        Without those that check.
    seed : str
    kind : one of `sandbox.KINDS`
    seconds : dict
        For a cell or a task, and for everything.
    """
    request = {"cells": cells, "tasks": _tasks(exercise, seed), "seconds": seconds["cell"]}
    process = subprocess.Popen(
        sandbox.command(kind),
        env=sandbox.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return _Conversation(process, exercise, time.monotonic() + seconds["whole"]).hold(_packed(request))
    finally:
        _end(process)


def _tasks(exercise, seed):
    return {number: calling.questions(exercise, number, seed) for number in grading.exercise(exercise)}


def _packed(request):
    """Functions by value: their modules are not there to be read. The right versions stay here."""
    for name in [name for name in sys.modules if name.startswith("rnnlib.grading.ex")]:
        cloudpickle.register_pickle_by_value(sys.modules[name])
    tasks = request["tasks"].items()
    hidden = {number: asking._replace(earlier=dict.fromkeys(asking.earlier)) for number, asking in tasks}
    content = cloudpickle.dumps({**request, "tasks": hidden})
    return str(len(content)).encode() + b"\n" + content


def _end(process):
    """End the process with all that it has started."""
    for stream in (process.stdin, process.stdout):
        stream.close()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class _Conversation:
    def __init__(self, process, exercise, end):
        self._process, self._end = process, end
        self._tasks = grading.exercise(exercise)
        self._left = LARGEST
        self._buffer = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(process.stdout, selectors.EVENT_READ)
        self._turn, self._told = 1, set()  # the first task not over; tasks whose right version was told
        self.outputs, self.records, self.flags = {}, {}, []

    def hold(self, request):
        trouble = "it ended its process"
        try:
            self._write(request)
            while (line := self._line()) is not None:
                said = _words(line)
                if "done" in said:
                    trouble = ""
                    break
                self._take(said)
        except TimeoutError:
            trouble = "it did not end in time"
        except UNREADABLE as error:
            trouble = f"it said what could not be read ({type(error).__name__})"
        return Heard(self.outputs, self.records, trouble, list(dict.fromkeys(self.flags)))

    def _take(self, said):
        if "cell" in said:
            self.outputs[int(said["cell"])] = said["outputs"]
        elif "records" in said:
            self._keep(int(said["task"]), said["records"])
        else:
            self._write(json.dumps(self._answer(int(said["task"]), said)).encode() + b"\n")

    def _keep(self, number, records):
        """Records count at their turn: once for each task, and before a right version of it is told."""
        if number not in self._tasks:
            raise KeyError(number)
        if number >= self._turn:
            self.records[number], self._turn = _bounded(records), number + 1
        elif number in self.records:
            self.flags.append(f"answered task {number} twice")
        else:
            is_ahead, late = number in self._told, f"answered task {number} out of turn"
            self.flags.append(f"{AHEAD} {number} before answering it" if is_ahead else late)

    def _answer(self, number, said):
        """The right version of an earlier task, on arguments of unknown origin; that task's turn is over."""
        name = said["ask"]
        if number < self._turn:
            return {"error": f"task {number} is over"}
        if name not in self._tasks[number].uses:
            return {"error": "there is no such function"}
        ((earlier, task),) = (found for found in self._tasks.items() if found[1].function == name)
        self._turn = number
        self._told.add(earlier)
        try:
            arguments = [plain.natural(plain.decode(argument)) for argument in said["arguments"]]
            if _is_large(arguments):
                return {"error": f"the arguments of {name} are much larger than those of this task"}
            return {"value": plain.encode(task.reference(*arguments))}
        except Exception as error:
            return {"error": f"{name} cannot take these arguments ({type(error).__name__})"}

    def _line(self):
        """The next line; None at the end."""
        while b"\n" not in self._buffer:
            if not self._selector.select(max(self._end - time.monotonic(), 0)):
                raise TimeoutError
            more = os.read(self._process.stdout.fileno(), 1 << 16)
            self._left -= len(more)
            if not more:
                return None
            if self._left < 0:
                raise OverflowError
            self._buffer += more
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _write(self, content):
        """Write without waiting for ever for somebody who does not read."""
        descriptor = self._process.stdin.fileno()
        os.set_blocking(descriptor, False)
        while content:
            try:
                content = content[os.write(descriptor, content) :]
            except BlockingIOError:
                if time.monotonic() > self._end:
                    raise TimeoutError from None
                time.sleep(0.005)


def _words(line):
    """What a line says. Half a character, as JSON can name it, is no text: nothing could write it down."""
    said = json.loads(line, object_hook=_countable)
    return json.loads(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))


def _countable(found):
    """An array that holds no number can have an axis of any length, and somebody may count along it."""
    if max(found.get("shape", ()), default=0) > plain.LARGEST:
        raise OverflowError
    return found


def _bounded(records):
    """Records with short texts, and with nothing but names of rnnlib among what was `used`."""
    if not all(isinstance(record, dict) for record in records):
        raise TypeError(records)
    return [{**record, **_bounded_texts(record)} for record in records]


def _bounded_texts(record):
    names = (str(name) for name in record.get("used", ()))
    texts = {key: str(record[key])[:1000] for key in ("error", "unread") if key in record}
    return {**texts, "used": [name for name in names if LIBRARY.fullmatch(name)]}


def _is_large(arguments):
    """Whether arguments, or what they make together when their axes are aligned, hold too many numbers."""
    shapes = list(_shapes(arguments))
    aligned = [max(axis) for axis in itertools.zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1)]
    numbers = sum(map(math.prod, shapes)), math.prod(aligned), 10 * max(aligned, default=1)
    return max(numbers) > LARGE


def _shapes(value):
    """The shapes of all arrays in it; an axis of length 0 counts as 1, and hides none of the others."""
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, (list, tuple)):
        yield (1,)
        for entry in value:
            yield from _shapes(entry)
    else:
        yield tuple(max(n, 1) for n in np.shape(value))
