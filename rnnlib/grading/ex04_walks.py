"""Exercise 4, the walks back in time: tasks 1 (one step) and 2 (the whole walk)."""

import numpy as np

from rnnlib.cells import RNN, RNNParams
from rnnlib.cells.rnn import RNNRun
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["BACKWARD", "STEP", "backward", "draw_run", "engine", "last_only", "step_back"]

WALK = Section("4", "An error at every step")
STORE = Section("4", "Store and reuse")
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


def outer(a, s_t, s_prev, x_t, W_s):
    """np.outer on arrays with a batch."""
    (back, _, _, b_s), delta = step_back(a, s_t, s_prev, x_t, W_s), a * (1 - s_t**2)
    return back, np.outer(x_t, delta), np.outer(s_prev, delta), b_s


def turned(*given):
    back, W_x, W_s, b_s = step_back(*given)
    return back, W_x.T, W_s.T, b_s


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
            "slope after W_s",
            "The weights are right, but on its way to the state before the error meets W_s first and then φ′.",
            lambda a, s_t, *rest: (a @ rest[-1].T * (1 - s_t**2), *step_back(a, s_t, *rest)[1:]),
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
            "outer",
            "`np.outer` takes a whole batch as one long row. Each sequence has an outer product of its own.",
            outer,
        ),
        Mistake(
            "turned",
            "The gradients of W_x and W_s are transposed. Each has the shape of its matrix, also where it is square.",
            turned,
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


def last_twice(dE_ds, *rest):
    return backward(dE_ds + last_only(dE_ds), *rest)


def joined_at_s_0(dE_ds, *rest):
    """A walk that adds the next step's error after each step, and so reads row −1 after step 1."""
    *weights, row = backward(dE_ds, *rest)
    return *weights, row + dE_ds[-1]


def without_step_1(dE_ds, s, x, W_s):
    if len(x) == 1:
        return tuple(map(np.zeros_like, backward(dE_ds, s, x, W_s)))
    return backward(dE_ds[1:], s[1:], x[1:], W_s)


def one_row_late(dE_ds, s, x, W_s):
    """Inputs and errors of the step after; the last state is never visited."""
    if len(x) == 1:
        return tuple(map(np.zeros_like, backward(dE_ds, s, x, W_s)))
    return backward(dE_ds[1:], s[:-1], x[1:], W_s)


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
            "last error twice",
            "The error of the last step comes in twice: once at the start, and once more in the loop.",
            last_twice,
        ),
        Mistake(
            "joined at s_0",
            "The weights are right. But at s_0 one more error has joined: Python reads row −1 as the last row.",
            joined_at_s_0,
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
            "one row late",
            "Step t takes the input and the error of step t + 1, and s_T is left out: row 0 of x is x_1.",
            one_row_late,
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
