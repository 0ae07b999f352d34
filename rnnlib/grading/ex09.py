"""Exercise 9, variations: two conventions of the GRU. `ex09_peepholes` and `ex09_second_part` hold the rest."""

import numpy as np

from rnnlib.activations import identity, sigmoid, tanh
from rnnlib.cells import GRU, GRUParams
from rnnlib.grading.definitions import Mistake, Task
from rnnlib.grading.ex09_peepholes import PEEPHOLE_STEP
from rnnlib.grading.ex09_second_part import THE_GRU, TO_TORCH, VJP, draw_weights, sizes

__all__ = ["TASKS"]

RENEWS = GRU(update="renew")


# 1. A GRU that renews


def draw_gru(rng, trial):
    B, n_x, n_s = sizes(rng, trial)
    states = {"s_prev": rng.uniform(-1, 1, (B, n_s)), "x_t": rng.normal(size=(B, n_x))}
    return {**states, **draw_weights(rng, n_x, n_s)}


def gru_step(s_prev, x_t, *weights, cell=RENEWS, b_ns=None):
    return cell.step(GRUParams(*weights, b_ns), s_prev, x_t)


def renewed(
    summed=lambda r, s, W_ns, from_x: (r * s) @ W_ns + from_x,
    phi=tanh,
    mixed=lambda z, s, N, r: (1 - z) * s + z * N,
):
    """`gru_step` with another sum in N_t, another φ, or other parts of s_t."""

    def variant(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
        seen, n_s = np.concatenate([s_prev, x_t], axis=1), len(b_n)
        z, r = sigmoid(seen @ W_z + b_z), sigmoid(seen @ W_r + b_r)
        return mixed(z, s_prev, phi(summed(r, s_prev, W_n[:n_s], x_t @ W_n[n_s:]) + b_n), r)

    return variant


def x_first(s_prev, x_t, *weights):
    return gru_step(s_prev, x_t, *(np.roll(W, -x_t.shape[1], axis=0) for W in weights[:3]), *weights[3:])


GRU_STEP = Task(
    title="a GRU that renews",
    function="gru_step",
    returns=("s_t (B, n_s)",),
    draw=draw_gru,
    reference=gru_step,
    mistakes=(
        Mistake(
            "keeps",
            "This is the other convention: where z_t is 1 it keeps the old state. The GRU of this task renews there.",
            lambda *given: gru_step(*given, cell=GRU()),
        ),
        Mistake(
            "reset after",
            "r_t falls on the product of the state with its weights. Here it falls on the state, before they mix units.",
            lambda *given: gru_step(*given, cell=GRU("renew", "after"), b_ns=np.zeros_like(given[-1])),
        ),
        Mistake(
            "no reset",
            "r_t has no influence: N_t sees the whole past.",
            lambda *given: gru_step(*given, cell=GRU("renew", hold={"r": 1.0})),
        ),
        Mistake(
            "reset on the input",
            "r_t falls on what comes from the input too. It is a share of the past alone.",
            renewed(lambda r, s, W_ns, from_x: r * (s @ W_ns + from_x)),
        ),
        Mistake(
            "reset reversed",
            "r_t is read as the share that is erased. Despite its name it is the share of the past that N_t sees.",
            renewed(lambda r, s, W_ns, from_x: ((1 - r) * s) @ W_ns + from_x),
        ),
        Mistake(
            "reset state kept",
            "What s_t keeps is the reset state. r_t decides what N_t sees, not what is kept.",
            renewed(mixed=lambda z, s, N, r: (1 - z) * r * s + z * N),
        ),
        Mistake(
            "nothing given up",
            "The old state is kept whole, with the new on top. In a GRU one gate divides between old and new.",
            renewed(mixed=lambda z, s, N, r: s + z * N),
        ),
        Mistake(
            "N by sigma",
            "N_t goes through σ, so it is never negative. z_t and r_t are shares; what is new needs a sign.",
            renewed(phi=sigmoid),
        ),
        Mistake(
            "N not squashed",
            "N_t is the weighted sum itself. What is new is squashed, so that the state stays between −1 and 1.",
            renewed(phi=identity),
        ),
        Mistake(
            "bent again",
            "s_t goes through tanh once more. Only what is new is squashed; a mixture of two states needs no tanh.",
            lambda *given: tanh(gru_step(*given)),
        ),
        Mistake(
            "z and r exchanged",
            "z_t and r_t have changed places: each is made by the weights of the other.",
            lambda s, x, W_z, W_r, W_n, b_z, b_r, b_n: gru_step(s, x, W_r, W_z, W_n, b_r, b_z, b_n),
        ),
        Mistake(
            "x first",
            "The joined row has x_t in front. The rows of the weights belong to the other order, and no error tells you.",
            x_first,
        ),
        Mistake(
            "no biases",
            "The biases are missing: each of the three mini-nets has one.",
            lambda *given: gru_step(*given[:5], *(np.zeros_like(b) for b in given[5:])),
        ),
    ),
    reread=THE_GRU,
)


# 2. Reset after the product


def draw_new(rng, trial):
    B, n_x, n_s = sizes(rng, trial)
    return {
        "r_t": rng.uniform(0.1, 0.9, (B, n_s)),
        "s_prev": rng.uniform(-1, 1, (B, n_s)),
        "x_t": rng.normal(size=(B, n_x)),
        "W_n": 0.8 * rng.normal(size=(n_s + n_x, n_s)),
        "b_n": rng.normal(size=n_s),
        "b_ns": rng.normal(size=n_s),
    }


def new_after(r_t, s_prev, x_t, W_n, b_n, b_ns):
    """Of a GRU that gets the sums of its reset gate as further inputs, one for each unit."""
    n_s, n_x = len(b_n), x_t.shape[1]
    nothing, copied = np.zeros((n_s + n_x, n_s)), np.eye(n_s)
    W = [np.concatenate(rows) for rows in ((nothing, 0 * copied), (nothing, copied), (W_n, 0 * copied))]
    x = np.concatenate([x_t, np.log(r_t / (1 - r_t))], axis=1)[None]
    params = GRUParams(*W, np.zeros(n_s), np.zeros(n_s), b_n, b_ns)
    return GRU(reset="after").forward(params, x, s_prev).N[0]


def reset(summed, squashed=lambda r, z: tanh(z)):
    """`new_after` with another sum of r_t, the parts from s and x, b_n, b_ns; or with r_t elsewhere."""

    def variant(r_t, s_prev, x_t, W_n, b_n, b_ns):
        n_s = len(b_n)
        return squashed(r_t, summed(r_t, s_prev @ W_n[:n_s], x_t @ W_n[n_s:], b_n, b_ns))

    return variant


def before(r_t, s_prev, x_t, W_n, b_n, b_ns):
    return tanh(np.concatenate([r_t * s_prev, x_t], axis=1) @ W_n + b_n + b_ns)


NEW_AFTER = Task(
    title="reset after the product",
    function="new_after",
    returns=("N_t (B, n_s)",),
    draw=draw_new,
    reference=new_after,
    mistakes=(
        Mistake(
            "before",
            "This is the other convention: the state is reset, and then multiplied by its weights.",
            before,
        ),
        Mistake(
            "N of task 1",
            "This is N_t as in task 1: the state is reset before the product, and b_ns is not used at all.",
            lambda *given: before(*given[:-1], 0),
        ),
        Mistake(
            "second bias outside",
            "b_ns stands outside the reset. There it would add up with b_n, and one bias would do.",
            reset(lambda r, from_s, from_x, b_n, b_ns: r * from_s + from_x + b_n + b_ns),
        ),
        Mistake(
            "both biases inside",
            "r_t falls on both biases. Only one of the two belongs to the past.",
            reset(lambda r, from_s, from_x, b_n, b_ns: r * (from_s + b_n + b_ns) + from_x),
        ),
        Mistake(
            "biases exchanged",
            "The two biases have changed places: the wrong one is reset.",
            reset(lambda r, from_s, from_x, b_n, b_ns: r * (from_s + b_n) + from_x + b_ns),
        ),
        Mistake(
            "no second bias",
            "b_ns is missing. As long as it is zero nobody notices, but it is learned.",
            reset(lambda r, from_s, from_x, b_n, b_ns: r * from_s + from_x + b_n),
        ),
        Mistake(
            "reset on the input",
            "r_t falls on what comes from the input too. It is a share of the past alone.",
            reset(lambda r, from_s, from_x, b_n, b_ns: r * (from_s + b_ns + from_x) + b_n),
        ),
        Mistake(
            "reset on everything",
            "r_t falls on the whole sum. What comes from the input is not reset.",
            reset(lambda r, from_s, from_x, b_n, b_ns: r * (from_s + b_ns + from_x + b_n)),
        ),
        Mistake(
            "no reset",
            "r_t has no influence: N_t sees the whole past.",
            reset(lambda r, from_s, from_x, b_n, b_ns: from_s + b_ns + from_x + b_n),
        ),
        Mistake(
            "N not squashed",
            "N_t is the weighted sum itself. What is new is squashed, so that the state stays between −1 and 1.",
            reset(lambda r, from_s, from_x, b_n, b_ns: r * (from_s + b_ns) + from_x + b_n, lambda r, z: z),
        ),
        Mistake(
            "outside the tanh",
            "r_t falls on what tanh has made. The reset comes after the product with the weights, but before tanh.",
            reset(
                lambda r, from_s, from_x, b_n, b_ns: from_s + b_ns + from_x + b_n, lambda r, z: r * tanh(z)
            ),
        ),
        Mistake(
            "two tanhs",
            "What comes from the past and what comes from the input go through a tanh each. N_t has one, of their sum.",
            lambda r, s, x, W_n, *biases: (
                new_after(r, s, 0 * x, W_n, 0 * biases[0], biases[1])
                + tanh(x @ W_n[len(W_n[0]) :] + biases[0])
            ),
        ),
        Mistake(
            "rows exchanged",
            "The first rows of W_n meet the input. They belong to the state: the joined row begins with it.",
            lambda r, s, x, W_n, *biases: new_after(r, s, x, np.roll(W_n, -x.shape[1], axis=0), *biases),
        ),
        Mistake(
            "reset reversed",
            "r_t is read as the share that is erased. Despite its name it is the share of the past that N_t sees.",
            lambda r_t, *given: new_after(1 - r_t, *given),
        ),
    ),
    reread=THE_GRU,
)

TASKS = (GRU_STEP, NEW_AFTER, PEEPHOLE_STEP, TO_TORCH, VJP)
