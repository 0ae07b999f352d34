"""Call a learner's function: on copies, in bounded time, with the right versions of what came before.

Nothing here knows the right answer. What comes back is a list of plain records, one for each input.
"""

import _thread
import contextlib
import inspect
import linecache
import sys
import threading
import time
import traceback
from pathlib import Path

import numpy as np

from rnnlib.grading import definitions, plain

__all__ = ["SECONDS", "answers"]

SECONDS = 10
"""Time for all inputs of one check together."""

LIBRARY = Path(__file__).resolve().parent.parent
FREE = ("grading", "activations", "_check", "tasks", "data", "weights")
"""Modules of rnnlib that every task may use."""


def answers(name, number, function, seed, seconds=SECONDS):
    """Call `function` on every input of a task; return a list of records, one for each input.

    A record holds `value` (see `plain`), or `error`, `blank`, `late`; and what was `changed` among the
    arguments and `used` of rnnlib.
    """
    chosen = definitions.task(name, number)
    if not callable(function):
        raise TypeError(f"{chosen.function} is {type(function).__name__}; expected a function")
    end = time.monotonic() + seconds
    records = []
    with _provided(name, chosen, function):
        for given, again in zip(*(definitions.inputs(name, number, seed) for _ in range(2)), strict=True):
            records.append(_record(chosen, function, given, again, end - time.monotonic()))
            if "late" in records[-1] or "blank" in records[-1]:
                break
    return records


def _record(chosen, function, given, again, seconds):
    """Call once. `again` has the same numbers as `given`: what differs afterwards was changed."""
    record, used = {}, set()
    try:
        inspect.signature(function).bind(*given.values())
    except TypeError:
        wanted = f"{chosen.function}({', '.join(given)})"
        return {"error": f"it does not take these arguments; expected {wanted}"}
    except ValueError:
        pass  # a function without a signature, from C: the call will tell
    try:
        with _limit(seconds), _watched(used):
            value = function(*given.values())
        with _limit(seconds):
            value = chosen.view(value, given) if chosen.view and value is not None else value
            record["value"] = plain.encode(value)
    except NotImplementedError:
        record["blank"] = True
    except _Late:
        record["late"] = True
    except Exception as error:
        record["error"] = _told(error)
    record["changed"] = [key for key in given if not _same(given[key], again[key])]
    record["used"] = sorted(used)
    return record


def _told(error):
    """Type and text of an error, and the last line of the learner's own code that was running."""
    text = f"{type(error).__name__}: {str(error)[:300]}"
    inside = str(LIBRARY)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        line = linecache.getline(frame.filename, frame.lineno).strip()
        if line and not frame.filename.startswith(inside) and "site-packages" not in frame.filename:
            return f"{text}\n  in {frame.name}: {line[:100]}"
    return text


def _same(one, other):
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.shape == other.shape and np.array_equal(one, other)
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other if isinstance(one, (str, int, float)) else True


@contextlib.contextmanager
def _provided(name, chosen, function):
    """Put the reference versions of earlier tasks where the learner's function looks for them."""
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    earlier = {entry.function: entry for entry in definitions.exercise(name).values()}
    own = {key: scope[key] for key in chosen.uses if key in scope}
    scope.update({key: _copying(earlier[key].reference) for key in chosen.uses})
    try:
        yield
    finally:
        for key in chosen.uses:
            scope.pop(key, None)
        scope.update(own)


def _copying(reference):
    """The reference under a plain name, so that an error in a call shows nothing of it."""

    def earlier(*arguments):
        return reference(*arguments)

    return earlier


class _Late(Exception):
    pass


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
        if threading.current_thread() is threading.main_thread():
            guard.start()
        yield
        done.set()
    except KeyboardInterrupt:
        if not late.is_set():
            raise
    finally:
        done.set()
    if late.is_set():
        raise _Late


@contextlib.contextmanager
def _watched(used):
    """Note which functions of rnnlib are called, except the free ones and what an earlier reference calls."""
    before, depth = sys.getprofile(), 0

    def look(frame, event, _):
        nonlocal depth
        if event not in ("call", "return"):
            return
        path = Path(frame.f_code.co_filename)
        if not path.is_relative_to(LIBRARY):
            return
        module = path.relative_to(LIBRARY).with_suffix("").parts
        if module[0] == "grading":
            depth = depth + 1 if event == "call" else max(depth - 1, 0)
        elif event == "call" and depth == 0 and module[0] not in FREE:
            used.add(".".join(("rnnlib", *module, frame.f_code.co_qualname)))

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)
