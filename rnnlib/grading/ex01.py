"""Exercise 1, why memory: targets of an echo, a window, what it cannot reach. Nets are in `ex01_memory`."""

import numpy as np

from rnnlib import tasks
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex01_memory import MEMORY, RUN

__all__ = ["TASKS"]

ECHO = Section("1", "What no feedforward net can do")
WINDOW = Section("1", "A window on the past")


# 1. Targets of an echo


def draw_targets(rng, trial):
    """T is odd, so that half of the steps is never k; one input is 0, and its echo is a target."""
    if trial == 0:
        return {"x": rng.normal(size=2), "k": 1}
    T, k = int(rng.choice([7, 9])), int(rng.integers(2, 5))
    x = rng.normal(size=T)
    x[rng.integers(1, T - k)] = 0
    return {"x": x, "k": k}


def targets(x, k):
    return tasks.windows(x[:, None, None], k + 1)[:, 0, -1], np.arange(len(x)) >= k


def moved(x, k):
    """`targets` with any shift, forward or back in time."""
    steps = np.arange(len(x)) - k
    there = (steps >= 0) & (steps < len(x))
    return np.where(there, x[steps % len(x)], 0), there


def masked(mask):
    """`targets` with another mask, made from the steps, x, and k."""
    return lambda x, k: (targets(x, k)[0], mask(np.arange(len(x)), x, k))


TARGETS = Task(
    title="targets of an echo",
    function="echo_targets",
    returns=("d (T)", "mask (T)"),
    draw=draw_targets,
    reference=targets,
    mistakes=(
        Mistake(
            "ahead",
            "This looks ahead: d_t is the input that comes k steps later. An echo comes after the sound.",
            lambda x, k: moved(x, -k),
        ),
        Mistake(
            "ahead of its mask",
            "The mask is right, and d looks ahead: it holds inputs that come k steps later. An echo comes after the sound.",
            lambda x, k: (moved(x, -k)[0], targets(x, k)[1]),
        ),
        Mistake(
            "ahead and around",
            "d has moved in the wrong direction: it holds inputs that come k steps later, and at the end the first inputs again.",
            lambda x, k: (np.roll(x, -k), targets(x, k)[1]),
        ),
        Mistake(
            "came around",
            "At the start d holds the last inputs of the sequence: they came around from its end. Before the start there is nothing.",
            lambda x, k: (np.roll(x, k), targets(x, k)[1]),
        ),
        Mistake(
            "came around unmasked",
            "At the start d holds the last inputs of the sequence, which came around from its end, and the mask takes them for targets.",
            lambda x, k: (np.roll(x, k), np.ones(len(x), bool)),
        ),
        Mistake(
            "first repeated",
            "At the start d repeats the first input. Nothing was there before it, so there is nothing to echo.",
            lambda x, k: (x[np.maximum(np.arange(len(x)) - k, 0)], targets(x, k)[1]),
        ),
        Mistake(
            "one late",
            "The echo comes one step too late, in d and in the mask. Which input should it be for k = 1?",
            lambda x, k: moved(x, k + 1),
        ),
        Mistake(
            "one early",
            "The echo comes one step too soon, in d and in the mask. What should come out for k = 0?",
            lambda x, k: moved(x, k - 1),
        ),
        Mistake(
            "first left out",
            "The echo begins one step too late: the first input of the sequence never comes out, and the mask has no target there.",
            lambda x, k: tuple(part * (np.arange(len(x)) > k) for part in targets(x, k)),
        ),
        Mistake(
            "mask late",
            "d is right. The mask begins one step too late: it leaves out the first target.",
            masked(lambda t, x, k: t > k),
        ),
        Mistake(
            "mask early",
            "d is right. The mask begins one step too soon: it counts a target that does not exist.",
            masked(lambda t, x, k: t >= k - 1),
        ),
        Mistake(
            "mask reversed",
            "The mask is the wrong way round: it is True where there is no target.",
            masked(lambda t, x, k: t < k),
        ),
        Mistake(
            "mask of inputs",
            "The mask marks the inputs that are echoed later. It should mark the steps that have a target.",
            masked(lambda t, x, k: t < len(x) - k),
        ),
        Mistake(
            "mask of all",
            "The mask is True everywhere. At the first steps nothing has come yet that could be echoed.",
            masked(lambda t, x, k: t >= 0),
        ),
        Mistake(
            "mask of zeros",
            "The mask takes each 0 in d for a missing target. An input may be 0, and its echo is a target like any other.",
            masked(lambda t, x, k: targets(x, k)[0] != 0),
        ),
    ),
    reread=ECHO,
)


# 2. A window, oldest first


def draw_windows(rng, trial):
    """w is odd, so that the middle of a window is one step."""
    T, w = (3, 3) if trial == 0 else (int(rng.integers(7, 10)), int(rng.choice([3, 5])))
    return {"x": rng.normal(size=(T, rng.choice([2, 4]))), "w": w}


def newest_first(x, w):
    return tasks.windows(x[:, None], w)[:, 0]


def apart(x, w):
    """(T, w, n_x): the steps of each window, the oldest first."""
    return newest_first(x, w).reshape(len(x), w, -1)[:, ::-1]


def windows(x, w):
    return apart(x, w).reshape(len(x), -1)


def around(x, w):
    """`apart`, with steps before the start taken from the end."""
    return x[np.arange(1 - w, 1) + np.arange(len(x))[:, None]]


def cut(before, after=lambda w: 0, **pad):
    """Windows cut from x with steps added at both ends: by default zeros."""

    def variant(x, w):
        padded = np.pad(x, ((before(w), after(w)), (0, 0)), **pad)
        return np.stack([padded[t : t + w].ravel() for t in range(len(x))])

    return variant


def zeros_last(x, w):
    seen = [x[max(0, t - w + 1) : t + 1] for t in range(len(x))]
    return np.stack([np.pad(part, ((0, w - len(part)), (0, 0))).ravel() for part in seen])


WINDOWS = Task(
    title="a window, oldest first",
    function="windows",
    returns=("result (T, w·n_x)",),
    draw=draw_windows,
    reference=windows,
    mistakes=(
        Mistake(
            "newest first", "The newest input comes first. Here the oldest is to be first.", newest_first
        ),
        Mistake(
            "turned number by number",
            "The oldest input comes first, but its features have changed places: whole rows of numbers are turned round, not the order of the inputs.",
            lambda x, w: newest_first(x, w)[:, ::-1],
        ),
        Mistake(
            "ahead",
            "The window looks ahead: it begins with the input of its step and goes on to later ones. It should end with it.",
            cut(lambda w: 0, lambda w: w - 1),
        ),
        Mistake(
            "around",
            "The window lies around its step, so half of it is in the future. It should reach into the past only.",
            cut(lambda w: w // 2, lambda w: w // 2),
        ),
        Mistake(
            "without its step",
            "The window ends one step too soon: the input of its own step is one of the w.",
            cut(lambda w: w),
        ),
        Mistake(
            "by feature",
            "Each row is sorted by feature: all values of the first, then all of the next. It should be sorted by time.",
            lambda x, w: apart(x, w).transpose(0, 2, 1).reshape(len(x), -1),
        ),
        Mistake(
            "first repeated",
            "Before the start the first input is repeated. There should be zeros.",
            cut(lambda w: w - 1, mode="edge"),
        ),
        Mistake(
            "came around",
            "Before the start the first windows see the end of the sequence. There should be zeros.",
            lambda x, w: around(x, w).reshape(len(x), -1),
        ),
        Mistake(
            "newest first, around",
            "The newest input comes first, and before the start the first windows see the end of the sequence. Two things to change.",
            lambda x, w: around(x, w)[:, ::-1].reshape(len(x), -1),
        ),
        Mistake(
            "zeros last",
            "In the first windows the zeros stand after the inputs. They stand for steps before the start, so where is their place?",
            zeros_last,
        ),
    ),
    reread=WINDOW,
)


# 3. What a window cannot reach


def draw_error(rng, trial):
    """A window longer than the reach of the target is one of the trials: its error is 0."""
    n = 2 if trial == 0 else int(rng.integers(4, 7))
    w = n + 1 if trial == 1 else int(rng.integers(1, n))
    return {"a": rng.uniform(0.5, 2, n) * rng.permutation(np.resize([1, -1], n)), "w": w}


def best_error(a, w):
    return np.sum(a[w:] ** 2) / np.sum(a**2)


def share(size):
    """The part outside of the window, by another measure of size than the sum of squares."""
    return lambda a, w: size(a[w:]) / size(a)


def mean(part):
    """Not a number, if there is nothing in it."""
    return np.sum(part) / np.float64(len(part))


ERROR = Task(
    title="what a window cannot reach",
    function="best_error",
    returns=("the error",),
    draw=draw_error,
    reference=best_error,
    view=lambda answer, arguments: np.round(answer, 12),  # 1 minus a share may miss 0 by a last digit
    mistakes=(
        Mistake(
            "explained",
            "This is the share that the window does explain. The error is what is left.",
            lambda a, w: 1 - best_error(a, w),
        ),
        Mistake(
            "not squared",
            "This compares the coefficients themselves. When an input is multiplied by 2, what happens to its variance?",
            share(lambda part: np.abs(part).sum()),
        ),
        Mistake(
            "signs",
            "Coefficients of different signs cancel here. Variances of independent parts add up, whatever the signs.",
            share(np.sum),
        ),
        Mistake(
            "added first",
            "The coefficients are added and then squared, as if all inputs were the same number. They are independent.",
            share(lambda part: np.sum(part) ** 2),
        ),
        Mistake(
            "root",
            "A root is taken of the error. A mean squared error is asked for, as in the lesson.",
            lambda a, w: np.sqrt(best_error(a, w)),
        ),
        Mistake(
            "squared twice",
            "It is squared twice: the share of the variance is squared once more.",
            lambda a, w: best_error(a, w) ** 2,
        ),
        Mistake(
            "one long",
            "The window is taken one step too long. The current input, k = 0, is one of the w.",
            lambda a, w: best_error(a, w + 1),
        ),
        Mistake(
            "one short",
            "The window is taken one step too short: w inputs, the current one among them.",
            lambda a, w: best_error(a, w - 1),
        ),
        Mistake(
            "oldest inputs",
            "The window is laid on the oldest inputs of the target. It holds the newest.",
            lambda a, w: best_error(a[::-1], w),
        ),
        Mistake(
            "all or nothing",
            "This is 0 or 1, as for a pure echo. A window that misses a part of this target still gets the other part.",
            lambda a, w: float(w < len(a)),
        ),
        Mistake(
            "lags counted",
            "This counts how many inputs are outside. An input with a small coefficient matters less.",
            share(len),
        ),
        Mistake(
            "lags counted, below 0",
            "This counts how many inputs are outside, and falls below 0 for a long window. An input with a small coefficient matters less.",
            lambda a, w: 1 - w / len(a),
        ),
        Mistake(
            "means",
            "Means of squares are compared, over as many coefficients as there are in each case. Each input brings its own variance: add them up.",
            share(lambda part: mean(part**2)),
        ),
        Mistake(
            "variance of a",
            "This is the variance of the coefficients, how much they differ from their mean. What varies is the target: the coefficients are fixed.",
            share(lambda part: mean((part - mean(part)) ** 2)),
        ),
        Mistake(
            "not divided",
            "This is not yet a share: it is not divided by the error of always answering 0.",
            lambda a, w: np.sum(a[w:] ** 2),
        ),
        Mistake(
            "a third",
            "This is an error for inputs with the variance 1/3. A share is asked for, and it is the same for every variance.",
            lambda a, w: np.sum(a[w:] ** 2) / 3,
        ),
        Mistake(
            "out of in",
            "What is outside is divided by what is inside. It should be divided by the whole.",
            lambda a, w: np.sum(a[w:] ** 2) / np.sum(a[:w] ** 2),
        ),
    ),
    reread=WINDOW,
)

TASKS = (TARGETS, WINDOWS, ERROR, RUN, MEMORY)
