"""The last task of exercise 7: an LSTM of one unit whose gates are set by hand, judged by what it does."""

import numpy as np

from rnnlib.activations import tanh
from rnnlib.cells import LSTM, LSTMParams
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["CELL", "HANDLES", "SET_BY_HAND", "params"]

CELL = Section("7", "The simple neuron and the LSTM neuron")
HANDLES = Section("7", "A memory with three handles")

VALUE, BIT, QUESTION = 1, 2, 3
"""Rows of W; row 0 belongs to STM."""


def params(W, b, *use):
    """W_n, W_i, W_f, W_v stand side by side in W, and so do the biases in b."""
    return LSTMParams(*np.split(W, 4, axis=1), *np.split(b, 4), *use)


def draw_distance(rng, trial):
    return {"T": 150 if trial == 0 else int(rng.integers(151, 301))}


def by_hand(z=10, i=(-1, 1), f=(1, -1), V=(-1, 1), shown=QUESTION):
    """W and b of one unit; a gate is given by its z in between and when its flag is up, in parts of z.

    The flag of i and f is that of a bit; that of V is `shown`.
    """
    W, b = np.zeros((4, 4)), np.zeros(4)
    W[VALUE, 0] = 2
    for column, row, (between, up) in ((1, BIT, i), (2, BIT, f), (3, shown, V)):
        W[row, column], b[column] = z * (up - between), z * between
    return W, b


def sequences(T):
    """(T+1, 6, 3): ±1 and then nothing; ±1 and then noise; ±1 and a second bit, the other one."""
    rng, x = np.random.default_rng(T), np.zeros((T + 1, 6, 3))
    bits = x[0, :, 0] = np.array([1, -1, 1, -1, 1, -1])
    x[0, :, 1] = x[T // 3, 4:, 1] = x[T, :, 2] = 1
    x[1:, 2:4, 0] = -bits[2:4] * rng.uniform(0.5, 1, (T, 2))
    x[T, 2:4, 0] = -bits[2:4]
    x[T // 3, 4:, 0] = -bits[4:]
    return x


def level(value):
    """0 for silence, ±1 for a clear bit, ±0.5 for what is neither."""
    size = np.abs(value)
    return np.sign(value) * np.where(size >= 0.5, 1, np.where(size > 0.1, 0.5, 0))


def heard(answer, arguments):
    """What a cell with these weights keeps and says."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise ValueError("what is returned is not W, b")
    W, b = (np.asarray(part, float) for part in answer)
    if W.shape != (4, 4) or b.shape != (4,):
        raise ValueError(f"W has shape {W.shape} and b {b.shape}; expected (4, 4) and (4,)")
    run = LSTM().forward(params(W, b), sequences(arguments["T"]))
    kept, said = level(tanh(run.LTM[..., 0])), level(run.STM[..., 0])
    return kept[1], kept[-1], said[:-1].any(axis=0).astype(float), said[-1]


SET_BY_HAND = Task(
    title="gates set by hand",
    function="set_by_hand",
    returns=("LTM after the bit", "LTM at the question", "STM before the question", "STM at the question"),
    draw=draw_distance,
    reference=lambda T: by_hand(),
    view=heard,
    mistakes=(
        Mistake(
            "not kept",
            "At the question the memory is empty: it was let go on the way. Which value of f_t keeps?",
            lambda T: by_hand(f=(-1, 1)),
        ),
        Mistake(
            "nothing enters",
            "No bit enters the memory. Is i_t open at a bit, does N_t see the value, are rows and columns of W in their order?",
            lambda T: by_hand(i=(-1, -1)),
            CELL,
        ),
        Mistake(
            "too weak",
            "The gates are nearly open and nearly closed. That is not enough: what is missing adds up over T steps.",
            lambda T: by_hand(z=3),
            Section("7", "Near 0 and near 1"),
        ),
        Mistake(
            "noise let in",
            "The noise is let in too: at the question the memory is full of it. When is i_t to be open?",
            lambda T: by_hand(i=(1, 1)),
        ),
        Mistake(
            "added",
            "The second bit is added to the first. What is to happen to the old bit when a new one comes?",
            lambda T: by_hand(f=(1, 1)),
        ),
        Mistake(
            "talks",
            "The cell talks before it is asked. The memory is right; look at the gate that shows it.",
            lambda T: by_hand(V=(1, 1)),
        ),
        Mistake(
            "never shown",
            "The memory is right and nobody hears it: at the question it is not shown.",
            lambda T: by_hand(V=(-1, -1)),
        ),
        Mistake(
            "at the wrong time",
            "The cell talks before it is asked and is silent when asked. What does V_t look at, and which way does that move it?",
            lambda T: by_hand(shown=BIT),
        ),
        Mistake(
            "bit passed by",
            "The memory lets the bit pass by and takes in the noise. Is i_t the wrong way round, or in the place of f_t?",
            lambda T: by_hand(i=(1, -1), f=(-1, 1)),
        ),
    ),
    reread=HANDLES,
)
