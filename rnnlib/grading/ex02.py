"""Exercise 2, folded and unfolded: one step, the loop, the readout, the number of weights."""

import numpy as np

from rnnlib.activations import sigmoid
from rnnlib.cells import RNN, RNNParams
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["TASKS"]

ARRAYS = Section("2", "From one number to arrays")


def sizes(rng, trial):
    """(B, n_x, n_s): all different, below any T but the first; one sequence in the first trial."""
    n_x, n_s = rng.permutation([2, 3, 4])[:2]
    return (1, n_x, n_s) if trial == 0 else (rng.integers(5, 7), n_x, n_s)


def weights(rng, n_x, n_s):
    return {
        "W_x": rng.normal(size=(n_x, n_s)),
        "W_s": rng.normal(size=(n_s, n_s)),
        "b_s": rng.normal(size=n_s),
    }


# 1. One step


def draw_step(rng, trial):
    B, n_x, n_s = sizes(rng, trial)
    return {"x_t": rng.normal(size=(B, n_x)), "s_prev": rng.normal(size=(B, n_s)), **weights(rng, n_x, n_s)}


def step(x_t, s_prev, W_x, W_s, b_s):
    return RNN().step(RNNParams(W_x, W_s, b_s), s_prev, x_t)


def altered(phi=np.tanh, **changes):
    """`step` with another function of z, or other weights."""

    def variant(x_t, s_prev, W_x, W_s, b_s):
        given = {"W_x": W_x, "W_s": W_s, "b_s": b_s}
        given |= {name: change(given[name]) for name, change in changes.items()}
        return phi(x_t @ given["W_x"] + s_prev @ given["W_s"] + given["b_s"])

    return variant


STEP = Task(
    title="one step",
    function="step",
    returns=("s_t (B, n_s)",),
    draw=draw_step,
    reference=step,
    mistakes=(
        Mistake(
            "no phi",
            "This is the weighted sum, before φ. The state is φ of it, and φ is tanh here.",
            altered(lambda z: z),
        ),
        Mistake(
            "transposed",
            "W_s is used as if states were columns. Here vectors are rows, weights on the right.",
            altered(W_s=np.transpose),
        ),
        Mistake("no bias", "The bias b_s is missing.", altered(b_s=np.zeros_like)),
        Mistake(
            "bias outside",
            "The bias is added after φ. It is one of the summands inside.",
            lambda *given: altered(b_s=np.zeros_like)(*given) + given[-1],
        ),
        Mistake(
            "no state",
            "The state before has no influence. Without it this is a feedforward net.",
            altered(W_s=np.zeros_like),
        ),
        Mistake(
            "phi twice",
            "φ is applied twice, one time inside the other.",
            altered(lambda z: np.tanh(np.tanh(z))),
        ),
        Mistake(
            "sigmoid", "This is the sigmoid, with values between 0 and 1. φ is tanh here.", altered(sigmoid)
        ),
    ),
    reread=ARRAYS,
)


# 2. Unfold


def draw_unfold(rng, trial):
    B, n_x, n_s = sizes(rng, trial)
    T = 1 if trial == 0 else rng.integers(7, 9)
    return {"x": rng.normal(size=(T, B, n_x)), "s_0": rng.normal(size=(B, n_s)), **weights(rng, n_x, n_s)}


def unfold(x, s_0, W_x, W_s, b_s):
    return RNN().forward(RNNParams(W_x, W_s, b_s), x, s_0).s


def unfold_from_zero(x, s_0, *given):
    return np.concatenate([s_0[None], unfold(x, np.zeros_like(s_0), *given)[1:]])


def without_s_0(x, s_0, *given):
    return unfold(x, np.zeros_like(s_0), *given)


def last_row_empty(*given):
    s = unfold(*given).copy()
    s[-1] = 0
    return s


def one_input_late(x, *given):
    """Step t reads `x[t]`, in a loop that was shortened until the index fits."""
    return last_row_empty(np.concatenate([x[1:], x[:1]]), *given)


def always_from_s_0(x, s_0, *given):
    return np.stack([s_0, *(step(x_t, s_0, *given) for x_t in x)])


UNFOLD = Task(
    title="unfold",
    function="unfold",
    returns=("s (T+1, B, n_s)",),
    draw=draw_unfold,
    reference=unfold,
    mistakes=(
        Mistake(
            "without s_0",
            "The initial state is missing: s has T + 1 rows, and row 0 is s_0.",
            lambda *given: unfold(*given)[1:],
        ),
        Mistake(
            "starts from zero", "The first step starts from zeros. It starts from s_0.", unfold_from_zero
        ),
        Mistake(
            "s_0 unused",
            "s_0 is not used: row 0 holds zeros in its place, and the first step starts from them.",
            without_s_0,
        ),
        Mistake(
            "not carried",
            "Every step starts from s_0. Each must start from the state that the step before made.",
            always_from_s_0,
        ),
        Mistake(
            "one input late",
            "Step t reads the wrong input: x[0] is x_1, and it makes s_1.",
            one_input_late,
        ),
        Mistake(
            "last row empty",
            "The last row is still zero: the loop ends one step too early.",
            last_row_empty,
        ),
        Mistake(
            "only the last",
            "These are not all states: only the last one is left. Keep each.",
            lambda *given: unfold(*given)[-1],
        ),
        Mistake(
            "backwards",
            "The sequence is read from its end to its start.",
            lambda x, *given: unfold(x[::-1], *given),
        ),
    ),
    reread=ARRAYS,
    uses=("step",),
)


# 3. What is read


def draw_last(rng, trial):
    B, n_y, n_s = sizes(rng, trial)
    T = 1 if trial == 0 else rng.integers(7, 10)
    lengths = np.ones(1, int) if trial == 0 else rng.permutation([2, T, *rng.integers(2, T, B - 2)])
    return {"s": rng.normal(size=(T + 1, B, n_s)), "W_y": rng.normal(size=(n_s, n_y)), "lengths": lengths}


def last_outputs(s, W_y, lengths):
    return s[lengths, np.arange(len(lengths))] @ W_y


LAST = Task(
    title="what is read",
    function="last_outputs",
    returns=("y (B, n_y)",),
    draw=draw_last,
    reference=last_outputs,
    mistakes=(
        Mistake(
            "last row",
            "All sequences are read at the last row of s. There a short one has gone on reading padding.",
            lambda s, W_y, lengths: s[-1] @ W_y,
        ),
        Mistake(
            "one early",
            "Each sequence is read one step too early: row 0 of s is s_0, so s[t] is s_t.",
            lambda s, W_y, lengths: last_outputs(s, W_y, lengths - 1),
        ),
        Mistake(
            "whole rows",
            "These are whole rows of s, the states of all sequences. Of each row only one sequence is asked for.",
            lambda s, W_y, lengths: s[lengths] @ W_y,
        ),
        Mistake(
            "no readout",
            "These are the states at the ends. The outputs are read from them by W_y.",
            lambda s, W_y, lengths: last_outputs(s, np.eye(s.shape[2]), lengths),
        ),
        Mistake(
            "shortest",
            "All sequences are read where the shortest one ends. Each has its own end.",
            lambda s, W_y, lengths: s[lengths.min()] @ W_y,
        ),
        Mistake(
            "mean",
            "This reads the mean of all states of a sequence. Only the state at its end is asked for.",
            lambda s, W_y, lengths: (
                np.stack([s[1 : n + 1, b].mean(axis=0) for b, n in enumerate(lengths)]) @ W_y
            ),
        ),
        Mistake(
            "phi again",
            "φ is applied to the outputs. The readout y_t = s_t W_y has none.",
            lambda *given: np.tanh(last_outputs(*given)),
        ),
    ),
    reread=Section("2", "One net, any length"),
)


# 4. Count


def draw_count(rng, trial):
    n_x, n_s, n_y = (int(n) for n in rng.choice(np.arange(2, 30), 3, replace=False))
    return {"n_x": n_x, "n_s": n_s, "n_y": n_y, "T": int(rng.integers(3, 50))}


def count(n_x, n_s, n_y, T, W_s=None):
    return n_x * n_s + (n_s * n_s if W_s is None else W_s) + n_s + n_s * n_y


COUNT = Task(
    title="count the weights",
    function="count_weights",
    returns=("the number of weights",),
    draw=draw_count,
    reference=count,
    mistakes=(
        Mistake(
            "times T",
            "The weights are counted again at every step. Unfolded, it is the same net: they are shared.",
            lambda n_x, n_s, n_y, T: T * count(n_x, n_s, n_y, T),
        ),
        Mistake(
            "W_s as a vector",
            "W_s is counted as one number for each unit. Every unit feeds every unit.",
            lambda n_x, n_s, n_y, T: count(n_x, n_s, n_y, T, W_s=n_s),
        ),
        Mistake(
            "no readout",
            "The weights of the readout are missing.",
            lambda n_x, n_s, n_y, T: count(n_x, n_s, 0, T),
        ),
        Mistake(
            "no bias",
            "The bias b_s is missing: one weight for each unit of the state.",
            lambda n_x, n_s, n_y, T: count(n_x, n_s, n_y, T) - n_s,
        ),
        Mistake(
            "one bias for all",
            "The bias is counted as one number. Each unit of the state has its own.",
            lambda n_x, n_s, n_y, T: count(n_x, n_s, n_y, T) - n_s + 1,
        ),
        Mistake(
            "s_0 counted",
            "The initial state s_0 is counted too. Here it is given, not learned.",
            lambda n_x, n_s, n_y, T: count(n_x, n_s, n_y, T) + n_s,
        ),
        Mistake(
            "bias at the output",
            "The readout y_t = s_t W_y of this course has no bias.",
            lambda n_x, n_s, n_y, T: count(n_x, n_s, n_y, T) + n_y,
        ),
        Mistake(
            "no recurrence",
            "W_s is missing: these are the weights of a net without memory.",
            lambda n_x, n_s, n_y, T: count(n_x, n_s, n_y, T, W_s=0),
        ),
    ),
    reread=Section("2", "Counting weights"),
)

TASKS = (STEP, UNFOLD, LAST, COUNT)
