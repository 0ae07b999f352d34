"""Exercise 8, why the LSTM remembers: the direct path and its bias. The way back is in `ex08_back` and `ex08_walk`."""

import numpy as np

from rnnlib.cells import LSTM, LSTMParams, LSTMState
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex08_back import GATES, MEMORY, WAYS, share, sizes
from rnnlib.grading.ex08_walk import WALK

__all__ = ["TASKS"]

BIAS = Section("8", "One bias")


# 1. The direct path


def draw_kept(rng, trial):
    (B, n_s), T = sizes(rng, trial), rng.integers(8, 11)
    start = int(rng.integers(2, 4))
    end = start if trial == 0 else start + int(rng.integers(3, 5))
    return {"f": share(rng, T, B, n_s), "i": share(rng, T, B, n_s), "start": start, "end": end}


def kept(f, i, start, end):
    """By the engine: a cell whose gates read their values from the input alone."""
    T, B, n_s = f.shape
    x = np.concatenate([np.zeros_like(i), np.log(i / (1 - i)), np.log(f / (1 - f))], axis=2)
    weights = [np.eye(4 * n_s, n_s, -n_s * k) for k in (1, 2, 3)]
    params = LSTMParams(*weights, np.zeros((4 * n_s, n_s)), *np.zeros((4, n_s)))
    cell, of_LTM = LSTM(), LSTMState(np.ones((B, n_s)), np.zeros((B, n_s)))
    return cell.backward(params, cell.forward(params, x[:end]), dE_dlast=of_LTM).x[start - 1, :, :n_s]


KEPT = Task(
    title="what is kept",
    function="kept",
    returns=("∂LTM_end/∂N_start (B, n_s)",),
    draw=draw_kept,
    reference=kept,
    mistakes=(
        Mistake(
            "one too many",
            "There is one forget factor too many: that of step `start`. It acts on what was there before, not on the new.",
            lambda f, i, start, end: i[start - 1] * f[start - 1 : end].prod(axis=0),
        ),
        Mistake(
            "one too few",
            "The last forget factor is missing. Step `end` too keeps only a part of what it finds.",
            lambda f, i, start, end: i[start - 1] * f[start : end - 1].prod(axis=0),
        ),
        Mistake(
            "row t as step t",
            "All factors are of one step later than they should be: row 0 holds step 1, as always with what a step computes.",
            lambda f, i, start, end: i[start] * f[start + 1 : end + 1].prod(axis=0),
        ),
        Mistake(
            "one step early",
            "All forget factors are of one step earlier than they should be: step `start` acts on what was there before, step `end` on this.",
            lambda f, i, start, end: i[start - 1] * f[start - 1 : end - 1].prod(axis=0),
        ),
        Mistake(
            "one step late",
            "All forget factors are of one step later than they should be. Row 0 holds step 1.",
            lambda f, i, start, end: i[start - 1] * f[start + 1 : end + 1].prod(axis=0),
        ),
        Mistake(
            "admitted at the end",
            "The ignore factor is that of step `end`. In which step did the new come in?",
            lambda f, i, start, end: i[end - 1] * f[start:end].prod(axis=0),
        ),
        Mistake(
            "1 - i",
            "Instead of i stands 1 − i, as if a large ignore factor kept things out. The name misleads: it admits.",
            lambda f, i, start, end: (1 - i[start - 1]) * f[start:end].prod(axis=0),
        ),
        Mistake(
            "one product for all",
            "The factors of all units and sequences are multiplied with each other. Each unit of each sequence has its own product.",
            lambda f, i, start, end: i[start - 1] * f[start:end].prod(),
        ),
        Mistake(
            "overwritten",
            "Only the last forget factor is there. Those of the steps before it are overwritten on the way.",
            lambda f, i, start, end: i[start - 1] * f[start:end][-1:].prod(axis=0),
        ),
        Mistake(
            "sum",
            "The forget factors are added. Each step keeps a part of what the step before left: that is no sum.",
            lambda f, i, start, end: i[start - 1] * f[start:end].sum(axis=0),
        ),
        Mistake(
            "one factor for all",
            "One forget factor stands for all steps. The gate opens and closes: every step has its own.",
            lambda f, i, start, end: i[start - 1] * f[end - 1] ** (end - start),
        ),
        Mistake(
            "all admitted",
            "This is what is left of a memory. Not all of what is new becomes memory: a gate stands before it.",
            lambda f, i, start, end: f[start:end].prod(axis=0),
        ),
        Mistake(
            "slopes",
            "The slopes of σ are multiplied. On the direct path the gates stay as they are; what they let through is varied.",
            lambda f, i, start, end: i[start - 1] * (f * (1 - f))[start:end].prod(axis=0),
        ),
        Mistake(
            "to the last step",
            "This goes on to the last step of the sequence. The question is what is left at `end`.",
            lambda f, i, start, end: i[start - 1] * f[start:].prod(axis=0),
        ),
    ),
    reread=WAYS,
)


# 2. The bias


def draw_bias(rng, trial):
    n_s, steps = (2, 1) if trial == 0 else (rng.integers(3, 6), int(rng.integers(3, 60)))
    return {"left": rng.uniform(0.05, 0.95, n_s), "steps": steps}


def bias_for(left, steps):
    return -np.log(np.expm1(-np.log(left) / steps))


def logit(f):
    return np.log(f / (1 - f))


BIAS_FOR = Task(
    title="the bias that keeps it",
    function="bias_for",
    returns=("b_f (n_s,)",),
    draw=draw_bias,
    reference=bias_for,
    mistakes=(
        Mistake(
            "steps forgotten",
            "With this bias the share is left after one step. It must still be there after all of them.",
            lambda left, steps: logit(left),
        ),
        Mistake(
            "log",
            "log undoes exp. A forget factor is made by σ, and that is to be undone.",
            lambda left, steps: np.log(left) / steps,
        ),
        Mistake(
            "sigma",
            "σ is applied to the forget factor. The factor is what σ makes: go back from it.",
            lambda left, steps: 1 / (1 + np.exp(-(left ** (1 / steps)))),
        ),
        Mistake(
            "bias divided",
            "The bias for one step is divided by the number of steps. Over the steps forget factors are multiplied, not biases added.",
            lambda left, steps: logit(left) / steps,
        ),
        Mistake(
            "what is lost",
            "`left` is taken for what is lost. It is what is still there.",
            lambda left, steps: logit((1 - left) ** (1 / steps)),
        ),
        Mistake(
            "sign",
            "The sign of the bias is wrong. The name misleads: the larger b_f, the less is forgotten.",
            lambda left, steps: -bias_for(left, steps),
        ),
        Mistake(
            "the factor",
            "This is the forget factor itself. The bias is what σ makes it from.",
            lambda left, steps: left ** (1 / steps),
        ),
        Mistake(
            "in equal parts",
            "The loss is spread over the steps in equal parts. Each step loses a part of what is still there, not of what there was.",
            lambda left, steps: logit(1 - (1 - left) / steps),
        ),
        Mistake(
            "divided",
            "The share is divided by the number of steps. The factors of the steps are multiplied, not added.",
            lambda left, steps: logit(left / steps),
        ),
        Mistake(
            "the wrong way round",
            "The share is taken to the power of the steps: that is what many such shares leave. Here all steps together leave it.",
            lambda left, steps: logit(left**steps),
        ),
        Mistake(
            "tanh",
            "The bias undoes tanh. A forget factor comes from σ.",
            lambda left, steps: np.arctanh(left ** (1 / steps)),
        ),
    ),
    reread=BIAS,
)


TASKS = (KEPT, BIAS_FOR, MEMORY, GATES, WALK)
