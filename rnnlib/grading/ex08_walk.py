"""Exercise 8, the walk back through time: all steps of an LSTM."""

from typing import NamedTuple

import numpy as np

from rnnlib.cells import LSTM, LSTMParams, LSTMState, gated
from rnnlib.cells.lstm import LSTMRun
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex08_back import WAYS, gates_back, memory_back, sizes

__all__ = ["WALK"]

WHOLE = Section("8", "The direct path is not the whole")
JOINED = Section("7", "The simple neuron and the LSTM neuron")
EVERY_STEP = Section("4", "An error at every step")


# 5. The walk back


def draw_walk(rng, trial):
    B, n_s = sizes(rng, trial)
    T, n_x = (1 if trial == 0 else rng.integers(3, 5)), n_s + 1
    params = LSTMParams(*0.7 * rng.normal(size=(4, n_s + n_x, n_s)), *rng.normal(size=(4, n_s)))
    s_0 = LSTMState(rng.normal(size=(B, n_s)), rng.uniform(-0.9, 0.9, (B, n_s)))
    run = LSTM().forward(params, rng.normal(size=(T, B, n_x)), s_0)
    gates, W = np.stack([run.N, run.i, run.f, run.V], axis=1), np.concatenate(params[:4], axis=1)
    given = {"x": run.x, "LTM": run.LTM, "STM": run.STM, "gates": gates, "W": W}
    return {"own": rng.normal(size=(T, B, n_s))} | {key: np.array(value) for key, value in given.items()}


def lstm_back(own, x, LTM, STM, gates, W):
    n_s = LTM.shape[2]
    seen = np.empty((*LTM.shape[:2], len(W) + 1))
    gated.rows(seen, x, n_s)
    seen[..., :n_s] = STM
    run = LSTMRun(seen, LTM, gates[:, [3, 1, 2, 0]], np.tanh(LTM[1:]))
    params = LSTMParams(*np.split(W, 4, axis=1), *np.zeros((4, n_s)))
    found = LSTM().backward(params, run, own).params
    return np.concatenate(found[:4], axis=1), np.concatenate(found[4:8])


class At(NamedTuple):
    """What is known when the way back is at step t."""

    from_next: np.ndarray
    dE_dSTM: np.ndarray
    own: np.ndarray
    LTM_prev: np.ndarray
    LTM_t: np.ndarray
    N_t: np.ndarray
    i_t: np.ndarray
    f_t: np.ndarray
    V_t: np.ndarray


def at_memory(s, **changes):
    s = s._replace(**changes)
    return memory_back(s.from_next, s.dE_dSTM, s.LTM_t, s.V_t)


def at_gates(s, whole, **changes):
    s = s._replace(**changes)
    return gates_back(whole, s.dE_dSTM, s.LTM_prev, s.LTM_t, s.N_t, s.i_t, s.f_t, s.V_t)


def passes_on(memory):
    """`at_gates` with another way to LTM_{t-1}."""
    return lambda s, whole: (*at_gates(s, whole)[:4], memory(whole))


def first_rows(W, n_s):
    return W[:n_s]


def deltas(own, x, LTM, STM, gates, W, memory=at_memory, into=at_gates, W_s=first_rows, times=reversed):
    """∂E/∂z of every step, (T, B, 4 n_s): a walk on which each part of a step may be another."""
    back, dz = W_s(W, LTM.shape[2]), np.empty((*x.shape[:2], W.shape[1]))
    from_next, of_gates = 0 * LTM[0], 0 * LTM[0]
    for t in times(range(len(x))):
        at = At(from_next, of_gates + own[t], own[t], LTM[t], LTM[t + 1], *gates[t])
        *dz_t, from_next = into(at, memory(at))
        dz[t] = np.concatenate(dz_t, axis=1)
        of_gates = dz[t] @ back.T
    return dz


def ways(*open_):
    """Ways from z_n, z_i, z_f, z_v into STM_{t-1} that are walked."""
    return lambda W, n_s: W[:n_s] * np.repeat(open_, n_s)


def collected(dz, x, STM):
    """What the steps contribute to W and b."""
    return np.einsum("tbi,tbj->ij", np.concatenate([STM, x], axis=2), dz), dz.sum(axis=(0, 1))


def walked(**choices):
    return lambda *given: collected(deltas(*given, **choices), given[1], given[3][:-1])


def last_rows(W, n_s):
    return W[-n_s:]


def x_first(**choices):
    """The contributions to W as if x_t stood in front."""

    def variant(own, x, *given):
        dW, db = walked(**choices)(own, x, *given)
        return np.roll(dW, x.shape[2], axis=0), db

    return variant


def only_the_last(own, *given):
    last = np.zeros_like(own)
    last[-1] = own[-1]
    return lstm_back(last, *given)


WALK = Task(
    title="back through time",
    function="lstm_back",
    returns=("dE_dW (n_s + n_x, 4 n_s)", "dE_db (4 n_s,)"),
    draw=draw_walk,
    reference=lstm_back,
    mistakes=(
        Mistake(
            "memory not carried",
            "What comes back to LTM_{t-1} is not carried on: every step starts with a memory that acts on nothing later.",
            walked(into=passes_on(np.zeros_like)),
            WAYS,
        ),
        Mistake(
            "direct path only",
            "Only the direct path is walked. What the gates send back to STM_{t-1} is lost.",
            walked(W_s=ways(0, 0, 0, 0)),
            WHOLE,
        ),
        Mistake(
            "one way short",
            "The filter of the use gate sees STM_{t-1} too, and its way back there is missing.",
            walked(W_s=ways(1, 1, 1, 0)),
        ),
        Mistake(
            "never shown",
            "The way from STM_t to LTM_t is missing: from the outputs nothing reaches the memory.",
            walked(memory=lambda s: s.from_next),
        ),
        Mistake(
            "own part into the gates",
            "`gates_back` gets each output's own part alone. It needs the whole gradient at STM_t, later steps included.",
            walked(into=lambda s, whole: at_gates(s, whole, dE_dSTM=s.own)),
        ),
        Mistake(
            "own part to the memory",
            "`memory_back` gets each output's own part alone. It needs the whole gradient at STM_t, later steps included.",
            walked(memory=lambda s: at_memory(s, dE_dSTM=s.own)),
        ),
        Mistake(
            "nothing forgotten",
            "The gradient at LTM_t is carried to LTM_{t-1} unchanged. Which of the results of `gates_back` goes there?",
            walked(into=passes_on(lambda whole: whole)),
            WAYS,
        ),
        Mistake(
            "new memory into the gates",
            "`gates_back` gets LTM_t as the memory before the step. In which row is that one?",
            walked(into=lambda s, whole: at_gates(s, whole, LTM_prev=s.LTM_t)),
        ),
        Mistake(
            "old memory shown",
            "`memory_back` gets the memory before the step. What is shown at step t is in another row.",
            walked(memory=lambda s: at_memory(s, LTM_t=s.LTM_prev)),
        ),
        Mistake(
            "step 1 left out",
            "Step 1 contributes nothing. Where does your loop stop?",
            lambda *given: collected(deltas(*given)[1:], given[1][1:], given[3][1:-1]),
            EVERY_STEP,
        ),
        Mistake(
            "only the last output",
            "Only the last output's own gradient comes in. Every STM_t is an output, with its own share in E.",
            only_the_last,
            EVERY_STEP,
        ),
        Mistake(
            "first step only",
            "Only the contribution of step 1 is left: each step overwrites what the steps before it on the walk gave.",
            lambda *given: collected(deltas(*given)[:1], given[1][:1], given[3][:1]),
            EVERY_STEP,
        ),
        Mistake(
            "state too late",
            "The contributions to W are taken with STM_t. The gates of step t saw an earlier one.",
            lambda *given: collected(deltas(*given), given[1], given[3][1:]),
        ),
        Mistake(
            "x first",
            "The joined row has x_t in front. The rows of W belong to the other order, and no error tells you.",
            x_first(W_s=last_rows),
            JOINED,
        ),
        Mistake(
            "x first in W only",
            "Where dE_dW is made, x_t stands in front. The rows of W have the other order, and no error tells you.",
            x_first(),
            JOINED,
        ),
        Mistake(
            "columns of x",
            "What goes back to STM_{t-1} is taken from the last columns. Where does STM_{t-1} stand in the joined row?",
            walked(W_s=last_rows),
            JOINED,
        ),
        Mistake(
            "forward in time",
            "The walk starts at step 1. What comes back from later steps is then not known yet.",
            walked(times=iter),
            EVERY_STEP,
        ),
        Mistake(
            "mean",
            "The contributions of the sequences are averaged. If E has a mean, own contains it already: add them.",
            lambda *given: tuple(part / given[1].shape[1] for part in lstm_back(*given)),
        ),
        Mistake(
            "bias of each sequence",
            "dE_db has a row for each sequence. All sequences share one bias, so their contributions belong together.",
            lambda *given: (lstm_back(*given)[0], deltas(*given).sum(axis=0)),
        ),
    ),
    reread=WHOLE,
    uses=("memory_back", "gates_back"),
)
