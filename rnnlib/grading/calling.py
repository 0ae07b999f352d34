"""Call a learner's function: on copies, in bounded time, with the right versions of what came before.

Nothing here knows the right answer. What comes back is a list of plain records, one for each input.
"""

import _thread
import contextlib
import functools
import inspect
import linecache
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnnlib.grading import definitions, plain

__all__ = ["SECONDS", "Questions", "answers", "asked", "questions"]

SECONDS = 10
"""Time for all inputs of one check together."""

LIBRARY = Path(__file__).resolve().parent.parent
FREE = ("grading", "activations", "_check", "tasks", "data")
"""Modules of rnnlib that every task may use."""


class Questions(NamedTuple):
    """What a learner's process has to know of a task.

    function : str        its name
    inputs : list         of dicts of arguments
    again : list          the same once more, to see what was changed
    earlier : dict        name -> right version of a function of an earlier task
    view : callable       of the task, or None
    """

    function: str
    inputs: list
    again: list
    earlier: dict
    view: Callable | None


def questions(name, number, seed):
    """Return the `Questions` of a task."""
    chosen = definitions.task(name, number)
    references = {task.function: task.reference for task in definitions.exercise(name).values()}
    inputs, again = (definitions.inputs(name, number, seed) for _ in range(2))
    earlier = {key: references[key] for key in chosen.uses}
    return Questions(chosen.function, inputs, again, earlier, chosen.view)


def answers(name, number, function, seed, seconds=SECONDS):
    """Call `function` on every input of a task; see `asked`."""
    return asked(questions(name, number, seed), function, seconds)


def asked(asking, function, seconds=SECONDS):
    """Call `function` on every input of `Questions`; return a list of records, one for each input.

    A record holds `value` (see `plain`), or `error`, `unread`, `blank`, `late`; and what was `changed` among
    the arguments and `used` of rnnlib.

    Raises
    ------
    TypeError
        If `function` cannot be called.
    """
    if not callable(function):
        raise TypeError(f"{asking.function} is {type(function).__name__}; expected a function")
    end = time.monotonic() + seconds
    records = []
    with _provided(asking.earlier, function):
        for given, again in zip(asking.inputs, asking.again, strict=True):
            given = {
                key: _provided_function(value) if callable(value) else value for key, value in given.items()
            }
            records.append(_record(asking, function, given, again, end - time.monotonic()))
            if "late" in records[-1] or "blank" in records[-1]:
                break
    return records


def _record(asking, function, given, again, seconds):
    """Call once. `again` has the same numbers as `given`: what differs afterwards was changed."""
    record, used = {}, set()
    if not _fits(function, given):
        return {"error": f"it does not take these arguments; expected {asking.function}({', '.join(given)})"}
    try:
        with _limit(seconds), _watched(used):
            value = function(*given.values())
        record |= _seen(asking.view, value, given, seconds)
    except NotImplementedError:
        record["blank"] = True
    except _Late:
        record["late"] = True
    except (Exception, SystemExit) as error:
        record["error"] = _told(error)
    record["changed"] = [key for key in given if not _same(given[key], again[key])]
    record["used"] = sorted(used)
    return record


def _seen(view, value, given, seconds):
    """A value as plain data; an answer in a form that `view` cannot read is no error of the function."""
    if view is None or value is None:
        return {"value": plain.encode(value)}
    try:
        with _limit(seconds):
            return {"value": plain.encode(view(value, given))}
    except _Late:
        raise
    except Exception as error:
        return {"unread": f"{type(error).__name__}: {_text(error)[:300]}"}


def _fits(function, given):
    try:
        inspect.signature(function).bind(*given.values())
    except TypeError:
        return False
    except ValueError:  # a function without a signature, from C: the call will tell
        return True
    return True


def _told(error):
    """Type and text of an error, and the last line of the learner's own code that was running."""
    text = f"{type(error).__name__}: {_text(error)[:300]}"
    inside = str(LIBRARY)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        line = linecache.getline(frame.filename, frame.lineno).strip()
        if line and not frame.filename.startswith(inside) and "site-packages" not in frame.filename:
            return f"{text}\n  in {frame.name}: {line[:100]}"
    return text


def _text(error):
    """What an error says; an error of the learner's own may fail even at that."""
    try:
        return str(error)
    except Exception:
        return "(without a text)"


def _same(one, other):
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.shape == other.shape and np.array_equal(one, other)
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other if isinstance(one, (str, int, float)) else True


@contextlib.contextmanager
def _provided(earlier, function):
    """Put the right versions of earlier tasks where the learner's function looks for them."""
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    own = {key: scope[key] for key in earlier if key in scope}
    scope.update({key: _provided_function(reference) for key, reference in earlier.items()})
    try:
        yield
    finally:
        for key in earlier:
            scope.pop(key, None)
        scope.update(own)


def _provided_function(function):
    """A function of ours that may be called by a learner's: under a plain name, and not counted as theirs."""

    def provided(*arguments, **named):
        return function(*arguments, **named)

    return provided


class _Late(Exception):
    """The time for the answers is over."""


@contextlib.contextmanager
def _limit(seconds):
    """Interrupt what runs too long, as the stop button would; in the main thread only.

    A function that catches the interrupt gets another one.
    """
    done, late = threading.Event(), threading.Event()

    def watch():
        if not done.wait(max(seconds, 0.01)):
            late.set()
            while not done.is_set():
                _thread.interrupt_main()
                done.wait(0.2)

    guard = threading.Thread(target=watch, daemon=True)
    try:
        with _interruptible() as can_be:
            try:
                if can_be:
                    guard.start()
                yield
            finally:
                done.set()
                if can_be:
                    guard.join()  # no interrupt comes after this
    except KeyboardInterrupt:
        if not late.is_set():
            raise
    if late.is_set():
        raise _Late


@contextlib.contextmanager
def _interruptible():
    """Let an interrupt raise KeyboardInterrupt, even in a process that was started to ignore it."""
    if threading.current_thread() is not threading.main_thread():
        yield False
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield True
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)


@functools.cache
def _module(file):
    """The parts of a module's name in rnnlib, () for a file elsewhere; remembered, as every call asks."""
    path = Path(file)
    return path.relative_to(LIBRARY).with_suffix("").parts if path.is_relative_to(LIBRARY) else ()


@contextlib.contextmanager
def _watched(used):
    """Note which functions of rnnlib are called, except the free ones and what was provided."""
    before, depth = sys.getprofile(), 0

    def look(frame, event, _):
        nonlocal depth
        module = _module(frame.f_code.co_filename) if event in ("call", "return") else ()
        if not module:
            return
        if frame.f_code.co_name == "provided" and module == ("grading", "calling"):
            depth += 1 if event == "call" else -1
        elif event == "call" and depth == 0 and (module[0] not in FREE or module[-1].startswith("ex")):
            used.add(".".join(("rnnlib", *module, frame.f_code.co_qualname)))

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)
