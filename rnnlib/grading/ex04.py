"""Exercise 4, BPTT as an algorithm: walks back in time, the gradient check, errors of mini-batches."""

import numpy as np

from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex04_cut import TRUNCATED
from rnnlib.grading.ex04_walks import BACKWARD, STEP
from rnnlib.losses import last_step_mask, mask_from_lengths, squared_error

__all__ = ["TASKS"]

CHECK = Section("4", "Is the gradient right?")
BATCH = Section("4", "Mini-batches")
LENGTHS = Section("4", "Different lengths in one batch")


# Tasks 1 and 2 are in ex04_walks, task 4 in ex04_cut.


# 3. The gradient check


def draw_check(rng, trial):
    shape = [(2,), (4,), (2, 3), (3, 2, 2), (4, 3), (3, 4)][trial]
    c, w = rng.choice([-1, 1], shape) * rng.uniform(0.5, 1.5, shape), rng.normal(size=shape)
    d = np.tanh(c * w).sum() + rng.choice([-1, 1]) * rng.uniform(1, 2)

    def E(w):
        return float(np.tanh(c * np.asarray(w, float)).sum() - d) ** 2 / 2

    w = w.astype(np.float32) if trial == 5 else w
    return {"E": E, "w": w, "eps": float(rng.uniform(1e-4, 2e-4))}


def moved(w, i, by):
    new = w.copy()
    new[i] += by
    return new


def central(E, w, eps, convert=float):
    w = np.array(w, convert)
    ratio = [(E(moved(w, i, eps)) - E(moved(w, i, -eps))) / (2 * eps) for i in np.ndindex(w.shape)]
    return np.reshape(ratio, w.shape)


def one_sided(E, w, eps, convert=float):
    w = np.array(w, convert)
    return np.reshape([(E(moved(w, i, eps)) - E(w)) / eps for i in np.ndindex(w.shape)], w.shape)


def central_in_place(E, w, eps):
    """Moves entries to and fro in an array of w's own type; what rounding leaves is left there."""
    w, ratio = w.copy(), []
    for i in np.ndindex(w.shape):
        w[i] += eps
        above = E(w)
        w[i] -= 2 * eps
        ratio.append((above - E(w)) / (2 * eps))
        w[i] += eps
    return np.reshape(ratio, w.shape)


def not_put_back(E, w, eps):
    w, ratio = np.array(w, float), []
    for i in np.ndindex(w.shape):
        ratio.append((E(moved(w, i, eps)) - E(moved(w, i, -eps))) / (2 * eps))
        w[i] -= eps
    return np.reshape(ratio, w.shape)


def by_rows(E, w, eps):
    w, ratio = np.array(w, float), np.empty(w.shape)
    for i in range(len(w)):
        ratio[i] = (E(moved(w, i, eps)) - E(moved(w, i, -eps))) / (2 * eps)
    return ratio


def all_at_once(E, w, eps):
    return (E(w + eps) - E(w - eps)) / (2 * eps)


NUMERICAL = Task(
    title="the gradient check",
    function="numerical_gradient",
    returns=("dE_dw (shape of w)",),
    draw=draw_check,
    reference=central,
    mistakes=(
        Mistake(
            "moved in place",
            "w itself is moved, to and fro, and rounding leaves it changed. Move the entries of a copy.",
            central_in_place,
            changes=("w",),
        ),
        Mistake(
            "float32",
            "Where w is float32, so are the moved weights: rounding hides the small step. Convert w first.",
            lambda E, w, eps: central(E, w, eps, w.dtype),
        ),
        Mistake(
            "one-sided",
            "This compares with the error at w itself, on one side. Going to both sides errs far less.",
            one_sided,
        ),
        Mistake(
            "back to w",
            "From w + ε you went back to w and not beyond. The second error belongs to w − ε.",
            lambda *given: one_sided(*given) / 2,
        ),
        Mistake(
            "one-sided, float32",
            "Two things: only one side is moved, and where w is float32 rounding hides the small step.",
            lambda E, w, eps: one_sided(E, w, eps, w.dtype),
        ),
        Mistake(
            "precedence",
            "Python reads a / b * c as (a / b) * c: ε multiplies where it should divide.",
            lambda E, w, eps: eps**2 * central(E, w, eps),
        ),
        Mistake(
            "distance",
            "The difference is divided by the wrong distance. How far apart are the two weights compared?",
            lambda *given: 2 * central(*given),
        ),
        Mistake(
            "not put back",
            "An entry that was moved is not put back before the next one is moved. Move one at a time.",
            not_put_back,
        ),
        Mistake(
            "whole rows",
            "The loop moves everything along the first axis at once. Each number of w needs a move of its own.",
            by_rows,
        ),
        Mistake(
            "all at once",
            "All entries are moved together. That gives one number, the slope in one direction.",
            all_at_once,
        ),
        Mistake(
            "flat",
            "The numbers are right, but in one row. A gradient has the shape of its weights.",
            lambda *given: central(*given).ravel(),
        ),
    ),
    reread=CHECK,
    single=False,
)


# 5. Errors of mini-batches


def draw_batches(rng, trial):
    K, M = [(3, 2), (5, 2), (7, 3), (8, 3), (6, 3), (7, 4)][trial]
    T, n_y = int(rng.integers(9, 12)), 2
    lengths = rng.integers(2, T, K)
    lengths[rng.integers(K)] = T
    y, d = rng.normal(size=(2, T, K, n_y))
    return {"y": y, "d": d, "lengths": lengths, "M": M}


def altered(scale=lambda valid, M: 1, mask=mask_from_lengths):
    """The errors with another mask, or each times `scale(valid, M)`; `valid` is (T, B) of one mini-batch."""

    def variant(y, d, lengths, M):
        valid, found = mask(lengths, len(y)), []
        for part in (slice(k, k + M) for k in range(0, len(lengths), M)):
            E, dE_dy = squared_error(y[:, part], d[:, part], valid[:, part])
            found.append([E * scale(valid[:, part], M), dE_dy * scale(valid[:, part], M)])
        E, dE_dy = zip(*found, strict=True)
        return np.array(E), np.concatenate(dE_dy, axis=1)

    return variant


batch_errors = altered()
not_averaged = altered(lambda valid, M: valid.shape[1])


def everywhere(lengths, T):
    return np.ones((T, len(lengths)), bool)


def one_short(lengths, T):
    return np.arange(1, T + 1)[:, None] < lengths


def one_long(lengths, T):
    return np.arange(T)[:, None] <= lengths


def without_the_rest(y, d, lengths, M):
    E, dE_dy = batch_errors(y, d, lengths, M)
    whole = len(lengths) // M
    dE_dy[:, whole * M :] = 0
    return E[:whole], dE_dy


BATCHES = Task(
    title="errors of mini-batches",
    function="batch_errors",
    returns=("E (number of mini-batches,)", "dE_dy (T, K, n_y)"),
    draw=draw_batches,
    reference=batch_errors,
    mistakes=(
        Mistake(
            "padding counted",
            "The padding is counted. Only the steps that a sequence really has count.",
            altered(mask=everywhere),
        ),
        Mistake(
            "padding in the derivative",
            "E leaves the padding out, its derivative does not. What does not count has the derivative 0.",
            lambda *given: (batch_errors(*given)[0], altered(mask=everywhere)(*given)[1]),
        ),
        Mistake(
            "one step short",
            "The last step of each sequence is left out. It is not padding yet.",
            altered(mask=one_short),
        ),
        Mistake(
            "one step long",
            "One step too many counts for each sequence: the first step of its padding.",
            altered(mask=one_long),
        ),
        Mistake(
            "only the last step",
            "Only the error of each sequence's last step is left. Add up all its steps.",
            altered(mask=last_step_mask),
        ),
        Mistake(
            "smaller last batch",
            "The last mini-batch is divided by M, but it may hold fewer sequences.",
            altered(lambda valid, M: valid.shape[1] / M),
            BATCH,
        ),
        Mistake(
            "rest left out",
            "The last, smaller mini-batch is missing. Its sequences count as well.",
            without_the_rest,
            BATCH,
        ),
        Mistake(
            "mean over all steps",
            "This is a mean over the steps, padding among them. Add up over the steps; average over sequences.",
            altered(lambda valid, M: 1 / len(valid)),
        ),
        Mistake(
            "mean over everything",
            "This is a mean over everything, the numbers of one output among it. Only over sequences a mean is asked.",
            lambda *given: altered(lambda valid, M: 1 / len(valid) / given[0].shape[2])(*given),
        ),
        Mistake(
            "mean over valid steps",
            "This is a mean over all valid steps. Add up over the steps; take the mean over sequences only.",
            altered(lambda valid, M: valid.shape[1] / valid.sum()),
        ),
        Mistake(
            "not averaged",
            "The sequences of a mini-batch are added up. Their mean is asked for.",
            not_averaged,
            BATCH,
        ),
        Mistake(
            "two divisors",
            "E is a mean over sequences, but dE_dy is the derivative of their sum. Both need the same divisor.",
            lambda *given: (batch_errors(*given)[0], not_averaged(*given)[1]),
            BATCH,
        ),
    ),
    reread=LENGTHS,
)

TASKS = (STEP, BACKWARD, NUMERICAL, TRUNCATED, BATCHES)
