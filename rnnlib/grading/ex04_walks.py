"""Exercise 4, the walks back in time: tasks 1 (one step), 2 (the whole walk) and 4 (cut short)."""

import numpy as np

from rnnlib import bptt
from rnnlib.cells import RNN, RNNParams
from rnnlib.cells.rnn import RNNRun
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["BACKWARD", "STEP", "TRUNCATED"]

WALK = Section("4", "An error at every step")
STORE = Section("4", "Store and reuse")
CUT = Section("4", "Cutting it short")
BATCH = Section("4", "Mini-batches")
VECTORS = Section("3", "Vectors and numbers")


def draw_run(rng, trial, T):
    """Errors, states, inputs and W_s. B, T + 1, n_x and n_s all differ; one sequence in the first trial."""
    n_x, n_s = rng.permutation([2, 3, 4])[:2]
    B = 1 if trial == 0 else rng.choice([5, 9])
    shapes = {"dE_ds": (T, B, n_s), "s": (T + 1, B, n_s), "x": (T, B, n_x), "W_s": (n_s, n_s)}
    drawn = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return drawn | {"s": np.tanh(drawn["s"])}


def engine(dE_ds, s, x, W_s):
    """The library's backward pass, which needs no values of W_x and b_s for this."""
    n_x, n_s = x.shape[-1], len(W_s)
    params = RNNParams(np.zeros((n_x, n_s)), W_s, np.zeros(n_s))
    return RNN(), params, RNNRun(x, s), dE_ds


def backward(dE_ds, s, x, W_s):
    cell, *given = engine(dE_ds, s, x, W_s)
    grads = cell.backward(*given)
    return *grads.params, grads.s_0


# 1. One step back


def draw_step(rng, trial):
    dE_ds, s, x, W_s = draw_run(rng, trial, T=1).values()
    return {"dE_ds_t": dE_ds[0], "s_t": s[1], "s_prev": s[0], "x_t": x[0], "W_s": W_s}


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    *weights, dE_ds_prev = backward(dE_ds_t[None], np.stack([s_prev, s_t]), x_t[None], W_s)
    return dE_ds_prev, *weights


def other_bias(reduce):
    """`step_back` with another way from ∂E/∂z_t to ∂E/∂b_s."""
    return lambda a, s_t, *rest: (*step_back(a, s_t, *rest)[:3], reduce(a * (1 - s_t**2)))


def step_averaged(a, *rest):
    dE_ds_prev, *weights = step_back(a, *rest)
    return dE_ds_prev, *(weight / len(a) for weight in weights)


STEP = Task(
    title="one step back",
    function="step_back",
    returns=("dE_ds_prev (B, n_s)", "dE_dW_x (n_x, n_s)", "dE_dW_s (n_s, n_s)", "dE_db_s (n_s,)"),
    draw=draw_step,
    reference=step_back,
    mistakes=(
        Mistake(
            "overwritten",
            "The numbers are right, but dE_ds_t is overwritten: `*=` and `+=` write into the caller's array.",
            changes=("dE_ds_t",),
        ),
        Mistake(
            "tanh twice",
            "The derivative of φ is taken as if s_t were z_t. But s_t has been through tanh already.",
            lambda a, s_t, *rest: step_back(a, np.tanh(s_t), *rest),
            VECTORS,
        ),
        Mistake(
            "slope of the state before",
            "φ′ is taken at the state before. The step made s_t, so it is the slope there that counts.",
            lambda a, s_t, s_prev, *rest: step_back(a, s_prev, s_prev, *rest),
            VECTORS,
        ),
        Mistake(
            "no slope",
            "φ′ is missing: the error passes through the tanh of the step as if tanh changed nothing.",
            lambda a, s_t, *rest: step_back(a, np.zeros_like(s_t), *rest),
            VECTORS,
        ),
        Mistake(
            "sigmoid",
            "This is the slope of the sigmoid, from its value. φ is tanh here.",
            lambda a, s_t, *rest: step_back(a * s_t / (1 + s_t), s_t, *rest),
            VECTORS,
        ),
        Mistake(
            "no slope on the way back",
            "The weights are right, but on its way to the state before the error must pass tanh too, not only W_s.",
            lambda a, *rest: (a @ rest[-1].T, *step_back(a, *rest)[1:]),
            STORE,
        ),
        Mistake(
            "transposed",
            "On the way back W_s is used as on the way forward. The step back turns its direction round.",
            lambda *given: step_back(*given[:-1], given[-1].T),
            STORE,
        ),
        Mistake(
            "states exchanged",
            "For W_s the error meets the state that the step made. It must meet the state that W_s multiplied.",
            lambda a, s_t, s_prev, *rest: (
                *step_back(a, s_t, s_prev, *rest)[:2],
                *step_back(a, s_t, s_t, *rest)[2:],
            ),
        ),
        Mistake(
            "bias not summed",
            "The gradient of b_s has a row for each sequence. All sequences share one b_s, so their rows add up.",
            other_bias(lambda delta: delta),
        ),
        Mistake(
            "bias averaged",
            "b_s gets the mean over the batch, the matrices get a sum. All weights need the same.",
            other_bias(lambda delta: delta.mean(axis=0)),
        ),
        Mistake(
            "averaged",
            "The gradients of the weights are divided by B. That is done already, in dE_ds_t: add up here.",
            step_averaged,
            BATCH,
        ),
    ),
    reread=WALK,
)


# 2. The whole walk


def draw_walk(rng, trial):
    return draw_run(rng, trial, T=1 if trial == 0 else rng.choice([6, 7]))


def last_only(dE_ds):
    return np.concatenate([np.zeros_like(dE_ds[:-1]), dE_ds[-1:]])


def steps(dE_ds, s, x, W_s, order=reversed, carry=1):
    """The contribution of each step in the order of the walk, and ∂E/∂s_0 behind it."""
    row, found = np.zeros_like(s[0]), []
    for t in order(range(1, len(s))):
        row, *term = step_back(carry * row + dE_ds[t - 1], s[t], s[t - 1], x[t - 1], W_s)
        found.append(term)
    return found, row


def walked(*given, **options):
    found, row = steps(*given, **options)
    return *map(sum, zip(*found, strict=True)), row


def last_assigned(*given):
    found, row = steps(*given)
    return *found[-1], row


def joined_late(dE_ds, *rest):
    """Every error enters one state further back; that of step 1 at s_0."""
    *weights, row = backward(np.concatenate([dE_ds[1:], np.zeros_like(dE_ds[:1])]), *rest)
    return *weights, row + dE_ds[0]


def without_step_1(dE_ds, s, x, W_s):
    if len(x) == 1:
        return tuple(map(np.zeros_like, backward(dE_ds, s, x, W_s)))
    return backward(dE_ds[1:], s[1:], x[1:], W_s)


def stopped_at_s_1(*given):
    cell, *rest = engine(*given)
    return *backward(*given)[:3], cell.backward(*rest).states.s[1]


def scaled(factor):
    """`backward` with the gradients of the weights times `factor(T)`."""
    return lambda dE_ds, *rest: (
        *(factor(len(dE_ds)) * weight for weight in backward(dE_ds, *rest)[:3]),
        backward(dE_ds, *rest)[3],
    )


BACKWARD = Task(
    title="the whole walk back",
    function="backward",
    returns=("dE_dW_x (n_x, n_s)", "dE_dW_s (n_s, n_s)", "dE_db_s (n_s,)", "dE_ds_0 (B, n_s)"),
    draw=draw_walk,
    reference=backward,
    mistakes=(
        Mistake(
            "overwritten",
            "The numbers are right, but dE_ds has changed: errors were added into the caller's array.",
            changes=("dE_ds",),
        ),
        Mistake(
            "errors left out",
            "The errors of the steps never come in. What starts as zeros and is only carried stays zero.",
            lambda *given: tuple(map(np.zeros_like, backward(*given))),
        ),
        Mistake(
            "added to itself",
            "The sums for the weights stay zero: a sum that is added to itself never gets the step's share.",
            scaled(lambda T: 0),
        ),
        Mistake(
            "only the last error",
            "Only the error of the last step comes in. Each step has an error of its own, which joins on the way.",
            lambda dE_ds, *rest: backward(last_only(dE_ds), *rest),
        ),
        Mistake(
            "not carried",
            "Nothing is carried back: each step sees its own error and nothing from the steps after it.",
            lambda *given: walked(*given, carry=0),
        ),
        Mistake(
            "assigned",
            "Only one step's share of the weights is left: at each step the share before was replaced.",
            last_assigned,
        ),
        Mistake(
            "mean over time",
            "The shares of the steps are averaged. The weights are used at every step, and all uses add up.",
            scaled(lambda T: 1 / T),
        ),
        Mistake(
            "forward in time",
            "The walk goes from the first step to the last. The error of the last step would come to none before it.",
            lambda *given: walked(*given, order=iter),
        ),
        Mistake(
            "one state early",
            "The states are one row behind the inputs: s has one row more than x, and row 0 is s_0.",
            lambda dE_ds, s, *rest: backward(dE_ds, np.roll(s, 1, axis=0), *rest),
        ),
        Mistake(
            "joined late",
            "Each step's own error joins only behind its step, at the state before. It belongs to s_t.",
            joined_late,
        ),
        Mistake(
            "without step 1",
            "Step 1 is left out: the walk ends at s_1, one step before its end.",
            without_step_1,
        ),
        Mistake(
            "stopped at s_1",
            "The weights are right, but what is returned last belongs to s_1. To s_0 it is one step further.",
            stopped_at_s_1,
        ),
    ),
    reread=WALK,
    uses=("step_back",),
)


# 4. Cut short


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
