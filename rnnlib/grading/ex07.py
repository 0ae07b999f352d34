"""Exercise 7, inside the LSTM: the gates, one step, the two states, the notes' use gate."""

import numpy as np

from rnnlib.activations import identity, sigmoid, tanh
from rnnlib.cells import LSTM, LSTMState
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex07_by_hand import CELL, HANDLES, SET_BY_HAND, params

__all__ = ["TASKS"]

FIFTEEN = Section("7", "In fifteen lines")
KINDS = Section("7", "Why σ here and tanh there")
NOTES = Section("7", "Two use gates")


def draw_step(rng, trial):
    """LTM_prev, STM_prev, x_t, W, b: all sizes different, and one sequence in the first trial."""
    n_x, n_s = rng.permutation([2, 3, 4])[:2]
    B = 1 if trial == 0 else rng.integers(5, 7)
    return {
        "LTM_prev": 1.5 * rng.normal(size=(B, n_s)),
        "STM_prev": rng.uniform(-1, 1, (B, n_s)),
        "x_t": rng.normal(size=(B, n_x)),
        "W": rng.normal(size=(n_s + n_x, 4 * n_s)),
        "b": rng.normal(size=4 * n_s),
    }


# 1. The mini-nets


def draw_gates(rng, trial):
    drawn = draw_step(rng, trial)
    del drawn["LTM_prev"]
    return drawn


def gates(STM_prev, x_t, W, b):
    run = LSTM().forward(params(W, b), x_t[None], LSTMState(np.zeros_like(STM_prev), STM_prev))
    return run.N[0], run.i[0], run.f[0], run.V[0]


def opened(order=(0, 1, 2, 3), new=tanh, share=sigmoid):
    """`gates` with the blocks read in another order, or other activations."""

    def variant(STM_prev, x_t, W, b):
        blocks = np.split(np.concatenate([STM_prev, x_t], axis=1) @ W + b, 4, axis=1)
        n, *shares = (blocks[k] for k in order)
        return new(n), *map(share, shares)

    return variant


def x_first(STM_prev, x_t, W, b):
    n_s = STM_prev.shape[1]
    return gates(STM_prev, x_t, np.roll(W, n_s - len(W), axis=0), b)


def reshaped(STM_prev, x_t, W, b):
    z = np.concatenate([STM_prev, x_t], axis=1) @ W + b
    n, *shares = z.reshape(4, *STM_prev.shape)
    return tanh(n), *map(sigmoid, shares)


GATES = Task(
    title="four mini-nets at once",
    function="gates",
    returns=("N_t (B, n_s)", "i_t (B, n_s)", "f_t (B, n_s)", "V_t (B, n_s)"),
    draw=draw_gates,
    reference=gates,
    mistakes=(
        Mistake(
            "exchanged",
            "σ and tanh have changed places. A share lies between 0 and 1; what is new needs a sign.",
            opened(new=sigmoid, share=tanh),
            KINDS,
        ),
        Mistake(
            "all sigma",
            "All four go through σ. Then what is new is never negative, and a memory can only rise.",
            opened(new=sigmoid),
            KINDS,
        ),
        Mistake(
            "no sigma",
            "i_t, f_t and V_t are weighted sums that nothing squashes. A share lies between 0 and 1.",
            opened(share=identity),
            KINDS,
        ),
        Mistake(
            "tanh inside",
            "The shares go through tanh and then through σ. So they stay between 0.27 and 0.73: no gate can open.",
            opened(share=lambda z: sigmoid(tanh(z))),
            KINDS,
        ),
        Mistake(
            "i and f exchanged",
            "i_t and f_t have changed places. One says how much is let in, the other how much is kept.",
            opened((0, 2, 1, 3)),
        ),
        Mistake(
            "blocks of PyTorch",
            "The blocks are read in the order i, f, N, V, as PyTorch has them. Here N comes first.",
            opened((2, 0, 1, 3)),
        ),
        Mistake(
            "x first",
            "The joined row has x_t in front. The rows of W belong to the other order, and no error tells you.",
            x_first,
        ),
        Mistake(
            "no bias",
            "The bias is missing.",
            lambda STM_prev, x_t, W, b: gates(STM_prev, x_t, W, np.zeros_like(b)),
        ),
        Mistake(
            "reshaped",
            "The gates mix numbers of several sequences. `reshape` cuts along the batch; a gate is a block of columns.",
            reshaped,
        ),
    ),
    reread=CELL,
)


# 2. One step


def step(LTM_prev, STM_prev, x_t, W, b):
    return LSTM().step(params(W, b), LSTMState(LTM_prev, STM_prev), x_t)


def stepped(
    memory=lambda LTM_prev, N, i, f: LTM_prev * f + N * i, show=lambda V, LTM, LTM_prev: V * tanh(LTM)
):
    """`step` with another memory, or another thing shown."""

    def variant(LTM_prev, STM_prev, x_t, W, b):
        N, i, f, V = gates(STM_prev, x_t, W, b)
        LTM_t = memory(LTM_prev, N, i, f)
        return LTM_t, show(V, LTM_t, LTM_prev)

    return variant


STEP = Task(
    title="remember and use",
    function="step",
    returns=("LTM_t (B, n_s)", "STM_t (B, n_s)"),
    draw=draw_step,
    reference=step,
    mistakes=(
        Mistake(
            "i and f exchanged",
            "The old memory is multiplied by i_t and the new by f_t. One says what is let in, the other what is kept.",
            stepped(lambda LTM_prev, N, i, f: LTM_prev * i + N * f),
        ),
        Mistake(
            "forget reversed",
            "f_t is read as the share that is forgotten. Despite its name it is the share that is kept.",
            stepped(lambda LTM_prev, N, i, f: LTM_prev * (1 - f) + N * i),
            HANDLES,
        ),
        Mistake(
            "overwritten",
            "The new memory holds nothing of the old one. What is let in comes on top of what is kept.",
            stepped(lambda LTM_prev, N, i, f: N * i),
        ),
        Mistake(
            "all let in",
            "The new information enters whole. Nothing asks i_t how much of it gets in.",
            stepped(lambda LTM_prev, N, i, f: LTM_prev * f + N),
        ),
        Mistake(
            "new forgotten too",
            "The forget factor also falls on what has only just been let in. It is for the old memory alone.",
            stepped(lambda LTM_prev, N, i, f: (LTM_prev + N * i) * f),
        ),
        Mistake(
            "product",
            "What is kept and what is let in are multiplied. If either is zero, the whole memory is.",
            stepped(lambda LTM_prev, N, i, f: LTM_prev * f * N * i),
        ),
        Mistake(
            "bare memory",
            "The memory is shown as it is. It can grow beyond 1; something must bring it back before it is shown.",
            stepped(show=lambda V, LTM, LTM_prev: V * LTM),
            KINDS,
        ),
        Mistake(
            "filter first",
            "The filter V_t is inside the tanh. It decides how much is shown of what tanh has made.",
            stepped(show=lambda V, LTM, LTM_prev: tanh(V * LTM)),
        ),
        Mistake(
            "memory bent",
            "The memory itself is squashed and handed on so. Only what is shown of it is squashed; it stays as it is.",
            stepped(lambda LTM_prev, N, i, f: tanh(LTM_prev * f + N * i), lambda V, LTM, LTM_prev: V * LTM),
        ),
        Mistake(
            "tanh twice",
            "tanh is applied twice before the memory is shown.",
            stepped(show=lambda V, LTM, LTM_prev: V * tanh(tanh(LTM))),
        ),
        Mistake(
            "old memory shown",
            "STM_t shows the memory of the step before. The standard use gate shows the new one.",
            stepped(show=lambda V, LTM, LTM_prev: V * tanh(LTM_prev)),
            NOTES,
        ),
        Mistake(
            "STM first",
            "The two states come back in the wrong order.",
            lambda *given: step(*given)[::-1],
        ),
    ),
    reread=CELL,
    uses=("gates",),
)


# 3. Two states on the arrow


def draw_run(rng, trial):
    drawn = draw_step(rng, trial)
    B, n_x = drawn["x_t"].shape
    T = 1 if trial == 0 else rng.integers(5, 8)
    lengths = np.ones(1, int) if trial == 0 else rng.permutation([2, T, *rng.integers(2, T, B - 2)])
    states = {"LTM_0": drawn["LTM_prev"], "STM_0": drawn["STM_prev"]}
    x = rng.normal(size=(T, B, n_x)) * (np.arange(T)[:, None] < lengths)[..., None]
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
            "emptied",
            "After its end a sequence's states are zeros. They stay as they were at its last event.",
            carried(leave=lambda new, now, going: np.multiply(new, going)),
        ),
        Mistake(
            "one too many",
            "Each sequence runs for one step too many: x[0] is x_1.",
            lambda x, lengths, *given: run(x, lengths + 1, *given),
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
            "nothing learned",
            "The memory takes in nothing new. The use gate does not see what is new at this step; the memory does.",
            used(of_kept, lambda kept, new: kept),
        ),
    ),
    reread=NOTES,
    uses=("gates", "step"),
)

TASKS = (GATES, STEP, RUN, NOTES_STEP, SET_BY_HAND)
