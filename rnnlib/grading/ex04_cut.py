"""Exercise 4, task 4: walks back in time that are cut short."""

import numpy as np

from rnnlib import bptt
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex04_walks import backward, draw_run, engine, last_only, step_back

__all__ = ["TRUNCATED"]

CUT = Section("4", "Cutting it short")


def draw_cut(rng, trial):
    T = 1 if trial == 0 else 7  # no window but 1 divides it: blocks differ from both ends
    return draw_run(rng, trial, T) | {"h": (1, 2, 3, 1, T + 2, int(rng.integers(2, 5)))[trial]}


def truncated(dE_ds, s, x, W_s, h):
    return tuple(bptt.truncated(*engine(dE_ds, s, x, W_s), h))


def one_too_few(*given):
    return (
        truncated(*given[:-1], given[-1] - 1)
        if given[-1] > 1
        else tuple(map(np.zeros_like, truncated(*given)))
    )


def spans(choose, alone=True):
    """The sum of walks over the spans (first step, last step) that `choose(T, h)` lists.

    Only the error of the last step of a span walks, if `alone`; else all errors of its steps.
    """

    def variant(dE_ds, s, x, W_s, h):
        found = []
        for i, t in choose(len(x), h):
            errors = dE_ds[i - 1 : t]
            errors = last_only(errors) if alone else errors
            found.append(backward(errors, s[i - 1 : t + 1], x[i - 1 : t], W_s)[:3])
        return tuple(map(sum, zip(*found, strict=True)))

    return variant


def windows(T, h):
    return [(max(t - h + 1, 1), t) for t in range(1, T + 1)]


def blocks(T, h):
    return [(i, min(i + h - 1, T)) for i in range(1, T + 1, h)]


def blocks_from_the_end(T, h):
    return [(max(t - h + 1, 1), t) for t in range(T, 0, -h)]


def past_the_start(dE_ds, s, x, W_s, h):
    """Walks that do not stop at step 1: negative indices read from the end."""
    found = []
    for t in range(1, len(s)):
        row = dE_ds[t - 1]
        for i in range(t, t - h, -1):
            row, *term = step_back(row, s[i], s[i - 1], x[i - 1], W_s)
            found.append(term)
    return tuple(map(sum, zip(*found, strict=True)))


def last_states_left_out(dE_ds, s, x, W_s, h):
    """`range` stops before its end: each walk but none of length 1 loses its last state."""
    found = spans(lambda T, h: [(i + 1, t) for i, t in windows(T, h) if i < t])
    return found(dE_ds, s, x, W_s, h) or tuple(map(np.zeros_like, truncated(dE_ds, s, x, W_s, h)))


def only_last_states(*given):
    """What the last state of each walk leaves behind."""
    return tuple(a - b for a, b in zip(truncated(*given), last_states_left_out(*given), strict=True))


def never_carried(dE_ds, s, x, W_s, h):
    """At each state of a walk the error of its start enters anew."""
    found = []
    for first, t in windows(len(x), h):
        for i in range(first, t + 1):
            found.append(step_back(dE_ds[t - 1], s[i], s[i - 1], x[i - 1], W_s)[1:])
    return tuple(map(sum, zip(*found, strict=True)))


def without_the_first(dE_ds, *rest):
    late = np.arange(1, len(dE_ds) + 1) >= rest[-1]
    return truncated(dE_ds * late[:, None, None], *rest)


TRUNCATED = Task(
    title="cut short",
    function="truncated",
    returns=("dE_dW_x (n_x, n_s)", "dE_dW_s (n_s, n_s)", "dE_db_s (n_s,)"),
    draw=draw_cut,
    reference=truncated,
    mistakes=(
        Mistake(
            "not cut",
            "This is the whole gradient. Here each error reaches h states and no more.",
            lambda *given: backward(*given[:-1])[:3],
        ),
        Mistake(
            "only the last error",
            "Only the error of the last step walks back. The error of every step has a walk of its own.",
            lambda dE_ds, *rest: truncated(last_only(dE_ds), *rest),
        ),
        Mistake(
            "only the last steps",
            "One walk over the last h steps is left. Errors before that have walks as well.",
            spans(lambda T, h: [(max(T - h + 1, 1), T)], alone=False),
        ),
        Mistake(
            "one too far",
            "Each error reaches one state too many. The state that it enters is the first of the h.",
            lambda *given: truncated(*given[:-1], given[-1] + 1),
        ),
        Mistake(
            "one too few",
            "Each error reaches one state too few. The state that it enters is the first of the h.",
            one_too_few,
        ),
        Mistake(
            "range ends early",
            "The last state of each walk is left out: `range` stops before its end.",
            last_states_left_out,
        ),
        Mistake(
            "only the last states",
            "Each walk leaves a share at its last state only. Every state that it reaches counts.",
            only_last_states,
        ),
        Mistake(
            "not carried",
            "On each walk the same error enters at every state. From step to step it is changed and handed on.",
            never_carried,
        ),
        Mistake(
            "blocks",
            "The sequence is cut into blocks of h steps. Then errors early in a block reach fewer states than h.",
            spans(blocks, alone=False),
        ),
        Mistake(
            "blocks from the end",
            "One walk, cut after every h steps: only the last error of each block reaches h states, the others fewer.",
            spans(blocks_from_the_end, alone=False),
        ),
        Mistake(
            "errors counted again",
            "On each walk the errors of other steps join, so most count several times. A walk carries one error.",
            spans(windows, alone=False),
        ),
        Mistake(
            "past the start",
            "A walk must end at step 1. Beyond it an index turns negative, and Python then counts from the end.",
            past_the_start,
        ),
        Mistake(
            "first errors left out",
            "Errors with fewer than h states behind them are left out. They walk as far as they can.",
            without_the_first,
        ),
    ),
    reread=CUT,
    uses=("step_back",),
)
