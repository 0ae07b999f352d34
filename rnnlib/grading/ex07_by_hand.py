"""The last task of exercise 7: an LSTM of one unit whose gates are set by hand, judged by what it does."""

import numpy as np

from rnnlib.cells import LSTM
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex07_step import CELL, HANDLES, params

__all__ = ["SET_BY_HAND"]

NEAR = Section("7", "Near 0 and near 1")

VALUE, BIT, QUESTION = 1, 2, 3
"""Rows of W; row 0 belongs to STM."""
BITS = np.array([1, -1, 1, -1, 1, -1])
"""What comes at step 1 in each of the six sequences."""
CLEAR = np.arctanh(0.5)
"""A memory of this size, shown whole, is an STM of 0.5."""


def draw_distance(rng, trial):
    return {"T": 300 if trial == 0 else int(rng.integers(301, 331))}


def by_hand(z=10, n=2, i=(-1, 1), f=(1, -1), V=(-1, 1), seen=VALUE, shown=QUESTION, asked=(0, 0)):
    """W and b of one unit; a gate is given by its z in between and when its flag is up, in parts of z.

    The flag of i and f is that of a bit; that of V is `shown`. n is the weight of N_t on the row `seen`,
    `asked` those of i and f on the question, in parts of z.
    """
    W, b = np.zeros((4, 4)), np.zeros(4)
    W[seen, 0] = n
    for column, row, (between, up) in ((1, BIT, i), (2, BIT, f), (3, shown, V)):
        W[row, column], b[column] = z * (up - between), z * between
    W[QUESTION, 1:3] = z * np.array(asked)
    return W, b


def sequences(T):
    """(T+1, 6, 3): ±1 and then nothing; ±1 and then noise; ±1 and a second bit, the other one."""
    rng, x = np.random.default_rng(T), np.zeros((T + 1, 6, 3))
    x[0, :, 0] = BITS
    x[0, :, 1] = x[T // 3, 4:, 1] = x[T, :, 2] = 1
    x[1:, 2:4, 0] = -BITS[2:4] * rng.uniform(0.5, 1, (T, 2))
    x[T, 2:4, 0] = -BITS[2:4]
    x[T // 3, 4:, 0] = -BITS[4:]
    return x


# What goes wrong first. m is BITS · LTM (T+2, 6): positive as long as the first bit is remembered.


def enters(m):
    first = m[1]
    if (first > CLEAR).all():
        return "right"
    if np.abs(first).max() < 0.1:
        return "passed by" if (m[-2, 2:4] < -CLEAR).all() else "nothing"
    if (first > 0.1).all():
        return "a part"
    return "reversed" if (first < -0.1).all() else "blind"


def lasts(m):
    alone = m[:, :2]
    if (alone[-1] > CLEAR).all():
        return "right"
    if (alone[-2] > CLEAR).all():
        return "let go when asked"
    if (alone[2] < 0.9 * alone[1]).all():
        return "let go"
    return "fades" if np.allclose(alone[:, 0], alone[:, 1]) else "drifts"


def resists(m):
    noisy = m[:, 2:4]
    if (noisy[-1] > CLEAR).all():
        return "right"
    if (noisy[-2] > CLEAR).all():
        return "let in when asked"
    return "let in" if np.abs(np.diff(noisy[1:-1], axis=0)).max() > 0.1 else "trickles in"


def renewed(m):
    return "right" if (m[-1, 4:] < -CLEAR).all() else "added"


def told(STM):
    """What is said, where the memory is right: STM (T+2, 6)."""
    said = STM[-1] * BITS * [1, 1, 1, 1, -1, -1]
    early, silent = np.abs(STM[:-1]).max() > 0.1, np.abs(said).max() < 0.1
    if early:
        return "at the wrong time" if silent else "early"
    return "right" if (said > 0.5).all() else "never" if silent else "a part"


def heard(answer, arguments):
    """A word for each stage of what a cell with these weights does, up to the first that is wrong."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise ValueError("what is returned is not W, b")
    W, b = (np.asarray(part, float) for part in answer)
    if W.shape != (4, 4) or b.shape != (4,):
        raise ValueError(f"W has shape {W.shape} and b {b.shape}; expected (4, 4) and (4,)")
    run = LSTM().forward(params(W, b), sequences(arguments["T"]))
    m, words = BITS * run.LTM[..., 0], []
    last = told(run.STM[..., 0])
    for stage in (enters, lasts, resists, renewed, lambda m: last):
        wrong = set(words) - {"right"}
        words.append("right" if last == "right" else "" if wrong else stage(m))
    return tuple(words)


SET_BY_HAND = Task(
    title="gates set by hand",
    function="set_by_hand",
    returns=(
        "memory after the bit",
        "memory after nothing more",
        "memory after noise",
        "memory after a second bit",
        "STM",
    ),
    draw=draw_distance,
    reference=lambda T: by_hand(),
    view=heard,
    mistakes=(
        Mistake(
            "nothing enters",
            "No bit enters the memory. Which gate has to be open at a bit, and does N_t see the value?",
            lambda T: by_hand(i=(-1, -1)),
            CELL,
        ),
        Mistake(
            "bit passed by",
            "The memory lets the bit pass by and takes in the noise. Is i_t the wrong way round, or in the place of f_t?",
            lambda T: by_hand(i=(1, -1), f=(-1, 1)),
        ),
        Mistake(
            "a part enters",
            "Only a part of the bit enters. How far is i_t open at a bit, and how near to 1 is N_t?",
            lambda T: by_hand(i=(-1, 0)),
            NEAR,
        ),
        Mistake(
            "blind",
            "A bit of +1 and one of −1 do not leave opposite memories. What makes the sign of N_t, and what moves i_t?",
            lambda T: by_hand(seen=BIT),
            CELL,
        ),
        Mistake(
            "reversed",
            "A bit of +1 is stored as a negative number. V_t cannot turn it round: a share is never negative.",
            lambda T: by_hand(n=-2),
        ),
        Mistake(
            "not kept",
            "Right after the bit the memory is let go. Which value of f_t keeps?",
            lambda T: by_hand(f=(-1, 1)),
        ),
        Mistake(
            "fades",
            "The bit fades, even where nothing else comes. f_t is near 1, but not near enough: it falls on the memory T times.",
            lambda T: by_hand(z=5),
            NEAR,
        ),
        Mistake(
            "let go when asked",
            "The bit is kept all the way and let go at the question. What does f_t do when the question comes?",
            lambda T: by_hand(asked=(0, -2)),
        ),
        Mistake(
            "noise let in",
            "The noise is let in: soon the memory is full of it. When is i_t to be open?",
            lambda T: by_hand(i=(1, 1)),
        ),
        Mistake(
            "noise trickles in",
            "A little of the noise gets in at every step, and it adds up over T steps. How near to 0 is i_t?",
            lambda T: by_hand(z=7),
            NEAR,
        ),
        Mistake(
            "noise when asked",
            "The value that comes together with the question is let in. Is that a bit?",
            lambda T: by_hand(asked=(2, 0)),
        ),
        Mistake(
            "added",
            "The second bit is added to the first, of which too much is left. What is to happen to the old bit then?",
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
            "half shown",
            "The memory is right, and at the question too little of it is shown. How far is V_t open then?",
            lambda T: by_hand(V=(-1, 0)),
            NEAR,
        ),
        Mistake(
            "at the wrong time",
            "The cell talks before it is asked and is silent when asked. What does V_t look at, and which way does that move it?",
            lambda T: by_hand(shown=BIT),
        ),
    ),
    reread=HANDLES,
)
