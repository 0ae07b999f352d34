"""Exercise 1, nets with a memory: run one and empty it in time, set the weights of one by hand."""

import numpy as np

from rnnlib.activations import identity, tanh
from rnnlib.cells import RNN, RNNParams
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.network import Network, NetworkParams

__all__ = ["MEMORY", "RUN"]

KEEPS = Section("1", "A net that keeps what it saw")
DIFFERS = Section("1", "How a recurrent net differs from an ordinary one")


def outputs(x, W_x, W_s, W_y, phi=identity):
    """(T, n_y): what a net without biases answers to one sequence."""
    params = NetworkParams((RNNParams(W_x, W_s, np.zeros(len(W_s))),), W_y)
    return Network((RNN(phi=phi),)).forward(params, x[:, None]).y[:, 0]


# 4. A memory, and when to empty it


def draw_run(rng, trial):
    """Three sequences of at least two steps; one of one step in the first trial."""
    n_x, n_s, n_y = rng.permutation([2, 3, 4])
    first = rng.integers(2, 4)
    starts = [0] if trial == 0 else [0, first, first + rng.integers(2, 4)]
    T = 1 if trial == 0 else rng.integers(8, 10)
    return {
        "x": rng.normal(size=(T, n_x)),
        "new": np.isin(np.arange(T), starts),
        "W_x": rng.normal(size=(n_x, n_s)),
        "W_s": rng.normal(size=(n_s, n_s)),
        "W_y": rng.normal(size=(n_s, n_y)),
    }


def run(x, new, *weights, phi=identity):
    starts = np.union1d([0], np.flatnonzero(new))
    ends = [*starts[1:], len(x)]
    return np.concatenate([outputs(x[i:j], *weights, phi) for i, j in zip(starts, ends, strict=True)])


def emptied(flags):
    """`run` with other flags, made from `new`."""
    return lambda x, new, *weights: run(x, flags(new), *weights)


def one_late(new):
    return np.concatenate([[True], new[:-1]])


RUN = Task(
    title="when to empty the memory",
    function="run",
    returns=("y (T, n_y)",),
    draw=draw_run,
    reference=run,
    mistakes=(
        Mistake(
            "never emptied",
            "The memory is not emptied when a new sequence begins: it still holds the one before.",
            emptied(np.zeros_like),
            DIFFERS,
        ),
        Mistake(
            "emptied late",
            "The memory is emptied one step too late: the first input of a new sequence still meets the old memory.",
            emptied(one_late),
            DIFFERS,
        ),
        Mistake(
            "emptied early",
            "The memory is emptied one step too soon: the last step of a sequence does not find the memory of its own sequence.",
            emptied(lambda new: np.append(new[1:], False)),
            DIFFERS,
        ),
        Mistake(
            "reversed",
            "The memory is emptied within a sequence, and kept where a new one begins. It is the wrong way round.",
            emptied(np.logical_not),
            DIFFERS,
        ),
        Mistake(
            "not carried",
            "No memory reaches the next step: each starts from zeros, or from the last input alone. This is a feedforward net.",
            emptied(np.ones_like),
        ),
        Mistake(
            "first input lost",
            "The first input of each sequence is lost: it is erased together with the old memory.",
            lambda x, new, *weights: emptied(one_late)(x, new, *weights) * ~new[:, None],
            DIFFERS,
        ),
        Mistake(
            "read early",
            "Each output is read before its input has come in. y_t is read from s_t.",
            lambda x, new, *weights: np.roll(run(x, new, *weights), 1, axis=0) * ~new[:, None],
        ),
        Mistake(
            "added on top",
            "The old state is kept whole, and W_s adds to it. What is left of the old state is only what W_s makes of it.",
            lambda x, new, W_x, W_s, W_y: run(x, new, W_x, W_s + np.eye(len(W_s)), W_y),
        ),
        Mistake(
            "transposed",
            "W_s is used as if states were columns. Here vectors are rows, weights on the right.",
            lambda x, new, W_x, W_s, W_y: run(x, new, W_x, W_s.T, W_y),
        ),
        Mistake(
            "tanh",
            "A tanh is applied to the state. In this net φ leaves it as it is.",
            lambda *given: run(*given, phi=tanh),
        ),
    ),
    reread=KEEPS,
)


# 5. A memory built by hand


def draw_memory(rng, trial):
    n = 2 if trial == 0 else int(rng.integers(3, 6))
    return {"a": rng.permutation(np.arange(1, 6))[:n] * rng.choice([-1.0, 1.0], n) + rng.uniform(0, 0.5, n)}


def boxes(a):
    """The input goes into the first box, each box hands on to the next, all are read."""
    W_x, W_s, W_y = np.eye(1, len(a)), np.eye(len(a), k=1), a[:, None]
    return W_x, W_s, W_y


def altered(W_x=None, W_s=None, W_y=None):
    """`boxes` with other weights, each made from `a`."""

    def variant(a):
        return tuple(
            change(a) if change else right for change, right in zip((W_x, W_s, W_y), boxes(a), strict=True)
        )

    return variant


def echo_of_one(answer, arguments):
    """What a net with these weights answers to a 1 and then zeros: all there is to know of a linear net."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        raise ValueError("what is returned is not W_x, W_s, W_y")
    weights = [np.asarray(part, float) for part in answer]
    n = weights[1].shape[0] if weights[1].ndim else 0
    for name, part, shape in zip(("W_x", "W_s", "W_y"), weights, ((1, n), (n, n), (n, 1)), strict=True):
        if part.shape != shape or n == 0:
            raise ValueError(f"{name} has shape {part.shape}; expected {shape}, as W_s has {n} rows")
    return outputs(np.eye(2 * len(arguments["a"]) + 2, 1), *weights)[:, 0]


MEMORY = Task(
    title="a memory built by hand",
    function="memory_weights",
    returns=("the net's answer to a 1 and then zeros (k)",),
    draw=draw_memory,
    reference=boxes,
    view=echo_of_one,
    mistakes=(
        Mistake(
            "not handed on",
            "Only the current input ever comes out: the first box hands nothing on. With row vectors, which row of W_s belongs to it?",
            altered(W_s=lambda a: np.eye(len(a), k=-1)),
        ),
        Mistake(
            "turned round",
            "The coefficients are in reverse order: the newest input gets the one of the oldest.",
            altered(W_y=lambda a: a[::-1, None]),
        ),
        Mistake(
            "into all",
            "Each input goes into all boxes at once. It should go into one, and be handed on from there.",
            altered(W_x=lambda a: np.ones((1, len(a)))),
        ),
        Mistake(
            "weighted on entry",
            "Each input goes into all boxes at once, weighted, and all are read. Then no box can tell how old its content is.",
            altered(W_x=lambda a: a[None], W_y=lambda a: np.ones((len(a), 1))),
        ),
        Mistake(
            "weighted twice",
            "Each input goes into all boxes at once, and the coefficients are used twice: on the way in and when the boxes are read.",
            altered(W_x=lambda a: a[None]),
        ),
        Mistake(
            "weighted on the way",
            "The coefficients stand in W_s. An input is handed on many times, so it meets one after the other, and they multiply.",
            altered(
                lambda a: a[0] * np.eye(1, len(a)),
                lambda a: np.diag(a[1:], 1),
                lambda a: np.ones((len(a), 1)),
            ),
        ),
        Mistake(
            "keeps",
            "The first box adds each input to its own content, for ever, and nothing is handed on.",
            altered(W_s=lambda a: np.eye(len(a))),
        ),
        Mistake(
            "keeps and hands on",
            "Each box hands on its content and keeps it as well, so the inputs pile up.",
            altered(W_s=lambda a: np.eye(len(a)) + np.eye(len(a), k=1)),
        ),
        Mistake(
            "ring",
            "The last box hands on to the first: what should be forgotten comes round again.",
            altered(W_s=lambda a: np.roll(np.eye(len(a)), 1, axis=1)),
        ),
        Mistake(
            "echo",
            "This is the echo net of the lesson: only the last box is read, with weight 1. Here all are needed.",
            altered(W_y=lambda a: np.eye(len(a))[:, -1:]),
        ),
        Mistake(
            "only the last",
            "Only the last box is read. The target is made of all of them.",
            altered(W_y=lambda a: a[:, None] * np.eye(len(a))[:, -1:]),
        ),
        Mistake(
            "all alike",
            "All boxes are read with weight 1. The target has a coefficient for each.",
            altered(W_y=lambda a: np.ones((len(a), 1))),
        ),
        Mistake(
            "one box short",
            "There is one box too few: the oldest input of the target is lost before it is needed.",
            lambda a: boxes(a[:-1]),
        ),
        Mistake(
            "one early",
            "Every coefficient is given to an input one step too new. The first box holds the current input, not the one before.",
            lambda a: boxes(a[1:]),
        ),
        Mistake(
            "one late",
            "Every input comes out one step too late. When y_t is read, x_t is in a box already.",
            lambda a: boxes(np.append(0, a)),
        ),
        Mistake(
            "into the last",
            "The input goes into the box at the end of the row, from where it is not handed on.",
            altered(W_x=lambda a: np.eye(len(a))[-1:]),
        ),
    ),
    reread=KEEPS,
)
