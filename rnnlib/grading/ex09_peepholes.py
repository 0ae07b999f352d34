"""Exercise 9, task 3: one step of an LSTM with peepholes."""

import numpy as np

from rnnlib.activations import identity, sigmoid, tanh
from rnnlib.cells import LSTM, LSTMParams, LSTMState
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex09_second_part import sizes

__all__ = ["PEEPHOLE_STEP"]

PEEPHOLES = Section("9", "Peepholes")
STANDARD = Section("7", "A memory with three handles")


def draw_peepholes(rng, trial):
    B, _, n_s = sizes(rng, trial)
    sums = {name: rng.normal(size=(B, n_s)) for name in ("z_n", "z_i", "z_f", "z_v")}
    weights = {name: rng.uniform(0.5, 1.5, n_s) * rng.choice([-1, 1], n_s) for name in ("p_i", "p_f", "p_v")}
    return {"LTM_prev": rng.normal(size=(B, n_s)) * 1.5, **sums, **weights}


def peephole_step(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
    """Of an LSTM that gets the sums as inputs, and whose weights only copy them."""
    n_s = len(p_i)
    copied = [np.eye(5 * n_s, n_s, -k * n_s) for k in range(1, 5)]
    params = LSTMParams(*copied, *np.zeros((4, n_s)), None, None, p_i, p_f, p_v)
    x_t = np.concatenate([z_n, z_i, z_f, z_v], axis=1)
    return LSTM(peepholes=True).step(params, LSTMState(LTM_prev, np.zeros_like(LTM_prev)), x_t)


def peeped(
    gate=lambda z, p, LTM: sigmoid(z + p * LTM),
    early=lambda LTM_prev, LTM: LTM_prev,
    late=lambda LTM_prev, LTM: LTM,
    new=tanh,
    shown=tanh,
):
    """`peephole_step` with another gate, gates that see another memory, or without a tanh.

    early and late say what i_t and f_t, and V_t, see; LTM is the new memory, for `early` without peepholes.
    """

    def variant(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
        N = new(z_n)
        seen = early(LTM_prev, sigmoid(z_f) * LTM_prev + sigmoid(z_i) * N)
        LTM = gate(z_f, p_f, seen) * LTM_prev + gate(z_i, p_i, seen) * N
        return LTM, gate(z_v, p_v, late(LTM_prev, LTM)) * shown(LTM)

    return variant


def V_after_sigma(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
    LTM, STM = peephole_step(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, np.zeros_like(p_v))
    return LTM, STM + p_v * LTM * tanh(LTM)


PEEPHOLE_STEP = Task(
    title="an LSTM with peepholes",
    function="peephole_step",
    returns=("LTM_t (B, n_s)", "STM_t (B, n_s)"),
    draw=draw_peepholes,
    reference=peephole_step,
    mistakes=(
        Mistake(
            "V sees the old",
            "V_t sees the old memory. When V_t is made, the new one is there already.",
            peeped(late=lambda LTM_prev, LTM: LTM_prev),
        ),
        Mistake(
            "f and i see the new",
            "f_t and i_t see a new memory. They make it: what they can see is older.",
            peeped(early=lambda LTM_prev, LTM: LTM),
        ),
        Mistake(
            "V sees what is shown",
            "The peephole of V_t looks at the squashed memory. It looks at the memory itself.",
            peeped(late=lambda LTM_prev, LTM: tanh(LTM)),
        ),
        Mistake(
            "V blind",
            "V_t has no peephole, but all three gates have one.",
            lambda *given: peephole_step(*given[:-1], np.zeros_like(given[-1])),
        ),
        Mistake(
            "no peepholes",
            "This is the LSTM without peepholes: no gate sees the memory.",
            lambda *given: peephole_step(*given[:5], *(np.zeros_like(p) for p in given[5:])),
        ),
        Mistake(
            "V after sigma",
            "What V_t sees through its peephole is added after σ. So V_t leaves the range between 0 and 1.",
            V_after_sigma,
        ),
        Mistake(
            "after sigma",
            "What a gate sees through its peephole is added after σ. So gates leave the range between 0 and 1.",
            peeped(lambda z, p, LTM: sigmoid(z) + p * LTM),
        ),
        Mistake(
            "multiplied",
            "What a gate sees through its peephole multiplies its sum. It is one more summand.",
            peeped(lambda z, p, LTM: sigmoid(z * p * LTM)),
        ),
        Mistake(
            "matrix product",
            "The peepholes are in a matrix product: it adds up over units. Each gate sees its own unit's memory.",
            peeped(lambda z, p, LTM: sigmoid(z + LTM @ p)),
        ),
        Mistake(
            "all units seen",
            "Each gate sees the memories of all units, added up. A peephole shows a gate the memory of its own unit.",
            peeped(lambda z, p, LTM: sigmoid(z + (LTM @ p)[:, None])),
        ),
        Mistake(
            "p_i and p_f exchanged",
            "p_i and p_f have changed places.",
            lambda LTM, n, i, f, v, p_i, p_f, p_v: peephole_step(LTM, n, i, f, v, p_f, p_i, p_v),
        ),
        Mistake(
            "i and f exchanged",
            "i_t and f_t have changed places: one of them is the share of the old memory, the other that of the new.",
            lambda LTM, n, i, f, v, p_i, p_f, p_v: peephole_step(LTM, n, f, i, v, p_f, p_i, p_v),
            STANDARD,
        ),
        Mistake(
            "f as forgotten",
            "f_t is read as the share that is forgotten. Despite its name it is the share that is kept.",
            lambda LTM, n, i, f, v, p_i, p_f, p_v: peephole_step(LTM, n, i, -f, v, p_i, -p_f, p_v),
            STANDARD,
        ),
        Mistake(
            "i as ignored",
            "i_t is read as the share that is ignored. Despite its name it is the share that is let in.",
            lambda LTM, n, i, f, v, p_i, p_f, p_v: peephole_step(LTM, n, -i, f, v, -p_i, p_f, p_v),
            STANDARD,
        ),
        Mistake(
            "all see what is shown",
            "The peepholes look at a squashed memory. They look at the memory itself.",
            peeped(early=lambda LTM_prev, LTM: tanh(LTM_prev), late=lambda LTM_prev, LTM: tanh(LTM)),
        ),
        Mistake(
            "N not squashed",
            "What is new enters as it is: z_n is still a weighted sum, which nothing has squashed.",
            peeped(new=identity),
        ),
        Mistake(
            "bare memory",
            "The memory is shown as it is. Before it is shown something must bring it back between −1 and 1.",
            peeped(shown=identity),
        ),
        Mistake(
            "STM first",
            "The two states come back in the wrong order.",
            lambda *given: peephole_step(*given)[::-1],
        ),
    ),
    reread=PEEPHOLES,
)
