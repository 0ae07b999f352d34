"""The first tasks of exercise 7: the four mini-nets, and one step of the LSTM."""

import numpy as np

from rnnlib.activations import identity, sigmoid, tanh
from rnnlib.cells import LSTM, LSTMParams, LSTMState
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["CELL", "GATES", "HANDLES", "KINDS", "NOTES", "STEP", "draw_step", "gates", "params", "step"]

CELL = Section("7", "The simple neuron and the LSTM neuron")
HANDLES = Section("7", "A memory with three handles")
KINDS = Section("7", "Why σ here and tanh there")
NOTES = Section("7", "Two use gates")


def params(W, b, *use):
    """W_n, W_i, W_f, W_v stand side by side in W, and so do the biases in b."""
    return LSTMParams(*np.split(W, 4, axis=1), *np.split(b, 4), *use)


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


def interleaved(STM_prev, x_t, W, b):
    n_s = STM_prev.shape[1]
    order = np.arange(4 * n_s).reshape(n_s, 4).T.ravel()
    return gates(STM_prev, x_t, W[:, order], b[order])


def learned_already(STM_prev, x_t, W, b):
    N, i, f, V = gates(STM_prev, x_t, W, b)
    return N * i, i, f, V


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
            "all tanh",
            "All four go through tanh. Three of them are shares, and a share is never negative.",
            opened(share=tanh),
            KINDS,
        ),
        Mistake(
            "not squashed",
            "All four are weighted sums: neither tanh nor σ has been applied.",
            opened(new=identity, share=identity),
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
        Mistake(
            "interleaved",
            "Each part takes every fourth column. In W the four matrices stand one after the other, each as a whole.",
            interleaved,
        ),
        Mistake(
            "learned already",
            "What comes first is N_t after i_t has filtered it. Here all four come as their mini-nets make them.",
            learned_already,
        ),
    ),
    reread=CELL,
)


# 2. One step


def step(LTM_prev, STM_prev, x_t, W, b):
    return LSTM().step(params(W, b), LSTMState(LTM_prev, STM_prev), x_t)


def stepped(
    memory=lambda LTM_prev, N, i, f: LTM_prev * f + N * i, show=lambda V, LTM, LTM_prev, f: V * tanh(LTM)
):
    """`step` with another memory, or another thing shown."""

    def variant(LTM_prev, STM_prev, x_t, W, b):
        N, i, f, V = gates(STM_prev, x_t, W, b)
        LTM_t = memory(LTM_prev, N, i, f)
        return LTM_t, show(V, LTM_t, LTM_prev, f)

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
            "ignore reversed",
            "i_t is read as the share that is ignored. Despite its name it is the share that is let in.",
            stepped(lambda LTM_prev, N, i, f: LTM_prev * f + N * (1 - i)),
            HANDLES,
        ),
        Mistake(
            "both reversed",
            "f_t is read as what is forgotten and i_t as what is ignored. The names mislead: a gate at 1 lets all pass.",
            stepped(lambda LTM_prev, N, i, f: LTM_prev * (1 - f) + N * (1 - i)),
            HANDLES,
        ),
        Mistake(
            "LTM seen",
            "The gates look at LTM_{t-1}. They see only what was shown of it, and the event.",
            lambda LTM_prev, STM_prev, *given: step(LTM_prev, LTM_prev, *given),
        ),
        Mistake(
            "never forgets",
            "The old memory is kept whole. Nothing asks f_t how much of it stays.",
            stepped(lambda LTM_prev, N, i, f: LTM_prev + N * i),
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
            stepped(show=lambda V, LTM, LTM_prev, f: V * LTM),
            KINDS,
        ),
        Mistake(
            "filter first",
            "The filter V_t is inside the tanh. It decides how much is shown of what tanh has made.",
            stepped(show=lambda V, LTM, LTM_prev, f: tanh(V * LTM)),
        ),
        Mistake(
            "memory bent",
            "The memory itself is squashed and handed on so. Only what is shown of it is squashed; it stays as it is.",
            stepped(
                lambda LTM_prev, N, i, f: tanh(LTM_prev * f + N * i), lambda V, LTM, LTM_prev, f: V * LTM
            ),
        ),
        Mistake(
            "tanh twice",
            "tanh is applied twice before the memory is shown.",
            stepped(show=lambda V, LTM, LTM_prev, f: V * tanh(tanh(LTM))),
        ),
        Mistake(
            "old memory shown",
            "STM_t shows the memory of the step before. The standard use gate shows the new one.",
            stepped(show=lambda V, LTM, LTM_prev, f: V * tanh(LTM_prev)),
            NOTES,
        ),
        Mistake(
            "kept shown",
            "STM_t shows what was kept, without what is new. The standard use gate shows the whole new memory.",
            stepped(show=lambda V, LTM, LTM_prev, f: V * tanh(LTM_prev * f)),
            NOTES,
        ),
        Mistake(
            "U by sigma",
            "The memory goes through σ before it is shown, so nothing negative can be told. It is content, not a share.",
            stepped(show=lambda V, LTM, LTM_prev, f: V * sigmoid(LTM)),
            KINDS,
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
