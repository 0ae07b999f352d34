"""Exercise 7, inside the LSTM: two states over time, the notes' use gate. The rest: `ex07_step`, `ex07_by_hand`."""

import numpy as np

from rnnlib.activations import sigmoid, tanh
from rnnlib.cells import LSTM, LSTMState
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex07_by_hand import SET_BY_HAND
from rnnlib.grading.ex07_step import GATES, KINDS, NOTES, STEP, draw_step, gates, params, step

__all__ = ["TASKS"]

FIFTEEN = Section("7", "In fifteen lines")


# 3. Two states on the arrow


def draw_run(rng, trial):
    drawn = draw_step(rng, trial)
    B, n_x = drawn["x_t"].shape
    T = 1 if trial == 0 else rng.integers(7, 9)
    lengths = np.ones(1, int) if trial == 0 else rng.permutation([2, T, *rng.integers(2, T, B - 2)])
    states = {"LTM_0": drawn["LTM_prev"], "STM_0": drawn["STM_prev"]}
    x = rng.normal(size=(T, B, n_x)) * (np.arange(T)[:, None] < lengths)[..., None]
    x[lengths[-1] - 1, -1] *= trial == 0  # an event of zeros, which is no end
    return {"x": x, "lengths": lengths, **states, "W": drawn["W"], "b": drawn["b"]}


def run(x, lengths, LTM_0, STM_0, W, b):
    states = LSTM().forward(params(W, b), x, LSTMState(LTM_0, STM_0)).states
    own = np.minimum(np.arange(len(x) + 1)[:, None], lengths), np.arange(len(lengths))
    return states.LTM[own], states.STM[own]


def carried(enter=lambda now, first: now, leave=None):
    """`run` with other states that a step starts from, or that it hands on.

    enter(now, first) -> the pair that a step gets; leave(new, now, going) -> the pair that is kept
    """
    leave = leave or (lambda new, now, going: np.where(going, new, now))

    def variant(x, lengths, LTM_0, STM_0, W, b):
        pairs = [np.stack([LTM_0, STM_0])]
        for t, x_t in enumerate(x):
            new = step(*enter(pairs[-1], pairs[0]), x_t, W, b)
            pairs.append(np.stack(leave(new, pairs[-1], (t < lengths)[:, None])))
        return tuple(np.stack(pairs, axis=1))

    return variant


def one_after_the_other(x, lengths, LTM_0, STM_0, W, b):
    LTM, STM = [LTM_0], [STM_0]
    for t, x_t in enumerate(x):
        going = (t < lengths)[:, None]
        LTM.append(np.where(going, step(LTM[-1], STM[-1], x_t, W, b)[0], LTM[-1]))
        STM.append(np.where(going, step(LTM[-1], STM[-1], x_t, W, b)[1], STM[-1]))
    return np.stack(LTM), np.stack(STM)


RUN = Task(
    title="two states on the arrow",
    function="run",
    returns=("LTM (T+1, B, n_s)", "STM (T+1, B, n_s)"),
    draw=draw_run,
    reference=run,
    mistakes=(
        Mistake(
            "starts from zero",
            "It starts from zeros. LTM_0 and STM_0 are given.",
            lambda x, lengths, LTM_0, STM_0, *given: run(x, lengths, 0 * LTM_0, 0 * STM_0, *given),
        ),
        Mistake(
            "LTM not carried",
            "Every step starts from LTM_0: the cell has no memory longer than STM.",
            carried(lambda now, first: (first[0], now[1])),
        ),
        Mistake(
            "STM not carried",
            "The gates see STM_0 at every step. They must see what the step before put out.",
            carried(lambda now, first: (now[0], first[1])),
        ),
        Mistake(
            "one state",
            "STM is handed on where LTM belongs, so what is not shown is lost. Two states go along the arrow.",
            carried(lambda now, first: (now[1], now[1])),
        ),
        Mistake(
            "changed places",
            "LTM and STM change places from one step to the next.",
            carried(leave=lambda new, now, going: np.where(going, new[::-1], now)),
        ),
        Mistake(
            "runs on",
            "Sequences run on after their end. An event of zeros is an event too: the biases still act.",
            lambda x, lengths, *given: run(x, np.full_like(lengths, len(x)), *given),
        ),
        Mistake(
            "LTM runs on",
            "After its end a sequence keeps STM, but its LTM goes on changing.",
            carried(leave=lambda new, now, going: (new[0], np.where(going, new[1], now[1]))),
        ),
        Mistake(
            "STM runs on",
            "After its end a sequence keeps LTM, but its STM goes on changing.",
            carried(leave=lambda new, now, going: (np.where(going, new[0], now[0]), new[1])),
        ),
        Mistake(
            "ended by zeros",
            "An event of zeros is taken for the end of its sequence. Only `lengths` knows where that is.",
            lambda x, lengths, *given: run(x, x.any(axis=2).sum(axis=0), *given),
        ),
        Mistake(
            "emptied",
            "After its end a sequence's states are zeros. They stay as they were at its last event.",
            carried(leave=lambda new, now, going: np.multiply(new, going)),
        ),
        Mistake(
            "one too many",
            "Each sequence runs for one step too many: x[0] is x_1.",
            lambda x, lengths, *given: run(x, lengths + 1, *given),
        ),
        Mistake(
            "one too few",
            "Each sequence stops one step too early: its last event is not used.",
            lambda x, lengths, *given: run(x, lengths - 1, *given),
        ),
        Mistake(
            "LTM changed between",
            "STM is worked out when LTM is already new. Both states of a step come from both states before it.",
            one_after_the_other,
        ),
    ),
    reread=FIFTEEN,
    uses=("gates", "step"),
)


# 4. The notes' use gate


def draw_notes(rng, trial):
    drawn = draw_step(rng, trial)
    n_s = drawn["LTM_prev"].shape[1]
    return {**drawn, "W_u": rng.normal(size=(n_s, n_s)), "b_u": rng.normal(size=n_s)}


def notes_step(LTM_prev, STM_prev, x_t, W, b, W_u, b_u):
    return LSTM("notes").step(params(W, b, W_u, b_u), LSTMState(LTM_prev, STM_prev), x_t)


def used(U, memory=lambda kept, new: kept + new):
    """`notes_step` with another U_t = U(LTM_prev, f_t, LTM_t, W_u, b_u), or another memory."""

    def variant(LTM_prev, STM_prev, x_t, W, b, W_u, b_u):
        N, i, f, V = gates(STM_prev, x_t, W, b)
        LTM_t = memory(LTM_prev * f, N * i)
        return LTM_t, V * U(LTM_prev, f, LTM_t, W_u, b_u)

    return variant


def of_kept(LTM_prev, f, LTM, W_u, b_u):
    return tanh(LTM_prev * f @ W_u + b_u)


def unfiltered(LTM_prev, STM_prev, x_t, W, b, W_u, b_u):
    V = gates(STM_prev, x_t, W, b)[3]
    LTM_t, STM_t = notes_step(LTM_prev, STM_prev, x_t, W, b, W_u, b_u)
    return LTM_t, STM_t / V


NOTES_STEP = Task(
    title="the notes' use gate",
    function="notes_step",
    returns=("LTM_t (B, n_s)", "STM_t (B, n_s)"),
    draw=draw_notes,
    reference=notes_step,
    mistakes=(
        Mistake(
            "standard",
            "This is the standard use gate, which has no weights of its own.",
            used(lambda LTM_prev, f, LTM, W_u, b_u: tanh(LTM)),
        ),
        Mistake(
            "new memory",
            "The mini-net of U_t sees the new memory. In the notes it sees what the forget gate puts out.",
            used(lambda LTM_prev, f, LTM, W_u, b_u: tanh(LTM @ W_u + b_u)),
        ),
        Mistake(
            "not forgotten",
            "The mini-net of U_t sees all of the old memory, before the forget gate took its part.",
            used(lambda LTM_prev, f, LTM, W_u, b_u: tanh(LTM_prev @ W_u + b_u)),
        ),
        Mistake(
            "forgotten late",
            "The forget factor comes after W_u. It says what is kept of each number of the memory, so it comes first.",
            used(lambda LTM_prev, f, LTM, W_u, b_u: tanh(LTM_prev @ W_u * f + b_u)),
        ),
        Mistake(
            "no b_u",
            "The bias of the use gate's own mini-net is missing.",
            used(lambda LTM_prev, f, LTM, W_u, b_u: of_kept(LTM_prev, f, LTM, W_u, 0)),
        ),
        Mistake(
            "W_u transposed",
            "W_u is used as if the memory were a column. Here vectors are rows, weights on the right.",
            used(lambda LTM_prev, f, LTM, W_u, b_u: of_kept(LTM_prev, f, LTM, W_u.T, b_u)),
        ),
        Mistake(
            "U by sigma",
            "U_t is made by σ, as a share. It is content, and content needs a sign.",
            used(lambda LTM_prev, f, LTM, W_u, b_u: sigmoid(LTM_prev * f @ W_u + b_u)),
            KINDS,
        ),
        Mistake(
            "tanh first",
            "tanh falls on what was kept, and W_u comes after it. In a mini-net tanh comes last.",
            used(lambda LTM_prev, f, LTM, W_u, b_u: tanh(LTM_prev * f) @ W_u + b_u),
        ),
        Mistake(
            "no V",
            "All of U_t is shown. Nothing asks V_t how much of it.",
            unfiltered,
        ),
        Mistake(
            "nothing learned",
            "The memory takes in nothing new. The use gate does not see what is new at this step; the memory does.",
            used(of_kept, lambda kept, new: kept),
        ),
    ),
    reread=NOTES,
    uses=("gates", "step"),
)

TASKS = (GATES, STEP, RUN, NOTES_STEP, SET_BY_HAND)
