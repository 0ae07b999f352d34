"""Hold the conversation with a sandboxed submission: hand in, listen, answer, and end it when it is over.

Nothing that comes out is trusted: lines are bounded, unreadable ones end the conversation, time runs out.
"""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from typing import NamedTuple

import cloudpickle

from rnnlib import grading
from rnnlib.grading import calling, plain
from tools.teaching import sandbox

__all__ = ["Heard", "converse"]

SECONDS = {"cell": 20, "whole": 90}
LARGEST = 40_000_000
"""Bytes that a submission may say in all."""


class Heard(NamedTuple):
    """What a submission said.

    outputs : dict     index of a cell -> its outputs
    records : dict     number of a task -> the records of its function
    trouble : str      "" or why the conversation ended early
    """

    outputs: dict
    records: dict
    trouble: str


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
        self.outputs, self.records = {}, {}

    def hold(self, request):
        trouble = "it ended its process"
        try:
            self._write(request)
            while (line := self._line()) is not None:
                said = json.loads(line)
                if "done" in said:
                    trouble = ""
                    break
                self._take(said)
        except TimeoutError:
            trouble = "it did not end in time"
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, BrokenPipeError) as error:
            trouble = f"it said what could not be read ({type(error).__name__})"
        return Heard(self.outputs, self.records, trouble)

    def _take(self, said):
        if "cell" in said:
            self.outputs[int(said["cell"])] = said["outputs"]
        elif "records" in said:
            self.records[int(said["task"])] = said["records"]
        else:
            self._write(json.dumps(self._answer(said)).encode() + b"\n")

    def _answer(self, said):
        """The right version of an earlier task, on arguments of unknown origin."""
        task = self._tasks[int(said["task"])]
        references = {earlier.function: earlier.reference for earlier in self._tasks.values()}
        if said["ask"] not in task.uses:
            return {"error": "there is no such function"}
        try:
            return {
                "value": plain.encode(
                    references[said["ask"]](
                        *(plain.natural(plain.decode(argument)) for argument in said["arguments"])
                    )
                )
            }
        except Exception as error:
            return {"error": f"{said['ask']} cannot take these arguments ({type(error).__name__})"}

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
