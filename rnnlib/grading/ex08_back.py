"""Exercise 8, the way back through an LSTM: to the memory, into the gates, through time."""

from typing import NamedTuple

import numpy as np

from rnnlib.activations import sigmoid
from rnnlib.cells import LSTM, LSTMParams, LSTMState, gated
from rnnlib.cells.lstm import LSTMRun
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["GATES", "MEMORY", "WALK", "WAYS", "share", "sizes"]

WAYS = Section("8", "Every way back")
WHOLE = Section("8", "The direct path is not the whole")
SLOPES = Section("7", "Gates that learn")
EVERY_STEP = Section("4", "An error at every step")


def sizes(rng, trial):
    """(B, n_s): different, and one sequence in the first trial."""
    return (1 if trial == 0 else rng.integers(5, 7)), rng.integers(2, 5)


def share(rng, *shape):
    """Values of a gate."""
    return rng.uniform(0.1, 0.9, shape)


# 3. Back to the memory


def draw_memory(rng, trial):
    shape = sizes(rng, trial)
    futures = {name: rng.normal(size=shape) for name in ("dE_dLTM", "dE_dSTM")}
    return {**futures, "LTM_t": 1.5 * rng.normal(size=shape), "V_t": share(rng, *shape)}


def memory_back(dE_dLTM, dE_dSTM, LTM_t, V_t):
    return dE_dLTM + dE_dSTM * shown(LTM_t, V_t)


def shown(LTM_t, V_t):
    """∂STM_t/∂LTM_t."""
    return V_t / np.cosh(LTM_t) ** 2


def seen_as(slope):
    """`memory_back` with another derivative of STM_t."""
    return lambda dE_dLTM, dE_dSTM, LTM_t, V_t: dE_dLTM + dE_dSTM * slope(LTM_t, V_t)


MEMORY = Task(
    title="back to the memory",
    function="memory_back",
    returns=("∂E/∂LTM_t (B, n_s)",),
    draw=draw_memory,
    reference=memory_back,
    mistakes=(
        Mistake(
            "overwritten",
            "Only what comes back through the use gate is there. What comes from step t+1 is lost: two ways lead back, so both count.",
            lambda dE_dLTM, dE_dSTM, LTM_t, V_t: dE_dSTM * shown(LTM_t, V_t),
        ),
        Mistake(
            "use gate skipped",
            "Only what comes from step t+1 is there. The memory was also shown, as STM_t, and that way leads back too.",
            lambda dE_dLTM, dE_dSTM, LTM_t, V_t: dE_dLTM,
        ),
        Mistake(
            "both through the use gate",
            "What comes from step t+1 goes through the use gate too. It came back along the memory, where no use gate stands.",
            lambda dE_dLTM, dE_dSTM, LTM_t, V_t: (dE_dLTM + dE_dSTM) * shown(LTM_t, V_t),
        ),
        Mistake(
            "no slope",
            "The slope of tanh is missing: as if the memory itself were shown.",
            seen_as(lambda LTM_t, V_t: V_t),
        ),
        Mistake(
            "slope of the memory",
            "The slope of tanh is written with its value, and LTM_t stands where the value belongs. So it can be negative.",
            seen_as(lambda LTM_t, V_t: V_t * (1 - LTM_t**2)),
        ),
        Mistake(
            "tanh twice",
            "tanh is applied twice before the slope is taken.",
            seen_as(lambda LTM_t, V_t: V_t * (1 - np.tanh(np.tanh(LTM_t)) ** 2)),
        ),
        Mistake(
            "no filter",
            "The filter is missing: what was shown only in part comes back in part.",
            seen_as(lambda LTM_t, V_t: shown(LTM_t, 1.0)),
        ),
        Mistake(
            "slope of the filter",
            "V_t is differentiated. That belongs to the way into the filter's weights; on the way to the memory V_t stays as it is.",
            seen_as(lambda LTM_t, V_t: (1 - V_t) * shown(LTM_t, V_t)),
        ),
        Mistake(
            "in place",
            "The sum is right, but it is written into dE_dLTM itself. Whoever called it still needs the old values.",
            changes=("dE_dLTM",),
        ),
    ),
    reread=SLOPES,
)


# 4. Back into the gates


class Step(NamedTuple):
    """The arguments of `gates_back`."""

    whole: np.ndarray
    dE_dSTM: np.ndarray
    LTM_prev: np.ndarray
    LTM_t: np.ndarray
    N_t: np.ndarray
    i_t: np.ndarray
    f_t: np.ndarray
    V_t: np.ndarray


def draw_gates(rng, trial):
    shape = sizes(rng, trial)
    whole, dE_dSTM, LTM_prev = rng.normal(size=(3, *shape))
    N_t, (i_t, f_t, V_t) = rng.uniform(-0.9, 0.9, shape), share(rng, 3, *shape)
    LTM_t = LTM_prev * f_t + N_t * i_t
    return Step(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t)._asdict()


def slope(gate):
    return gate * (1 - gate)


def gates_back(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t):
    dz_n = whole * i_t * (1 - N_t**2)
    dz_v = dE_dSTM * np.tanh(LTM_t) * slope(V_t)
    return dz_n, whole * N_t * slope(i_t), whole * LTM_prev * slope(f_t), dz_v, whole * f_t


def but(**parts):
    """`gates_back` with other parts: functions of a `Step`."""

    def variant(*given):
        names = ("dz_n", "dz_i", "dz_f", "dz_v", "dLTM_prev")
        right = dict(zip(names, gates_back(*given), strict=True))
        return tuple((right | {name: part(Step(*given)) for name, part in parts.items()}).values())

    return variant


GATES = Task(
    title="back into the gates",
    function="gates_back",
    returns=("dz_n (B, n_s)", "dz_i (B, n_s)", "dz_f (B, n_s)", "dz_v (B, n_s)", "dE_dLTM_prev (B, n_s)"),
    draw=draw_gates,
    reference=gates_back,
    mistakes=(
        Mistake(
            "no slopes",
            "The slopes of σ and tanh are missing: these are the gradients behind the four functions, not before them.",
            but(
                dz_n=lambda g: g.whole * g.i_t,
                dz_i=lambda g: g.whole * g.N_t,
                dz_f=lambda g: g.whole * g.LTM_prev,
                dz_v=lambda g: g.dE_dSTM * np.tanh(g.LTM_t),
            ),
        ),
        Mistake(
            "value for slope",
            "Where the slope of σ belongs stands the gate's value.",
            but(
                dz_i=lambda g: g.whole * g.N_t * g.i_t,
                dz_f=lambda g: g.whole * g.LTM_prev * g.f_t,
                dz_v=lambda g: g.dE_dSTM * np.tanh(g.LTM_t) * g.V_t,
            ),
        ),
        Mistake(
            "squashed again",
            "For the slope of σ the gates are squashed once more. They are values of σ already.",
            but(
                dz_i=lambda g: g.whole * g.N_t * slope(sigmoid(g.i_t)),
                dz_f=lambda g: g.whole * g.LTM_prev * slope(sigmoid(g.f_t)),
                dz_v=lambda g: g.dE_dSTM * np.tanh(g.LTM_t) * slope(sigmoid(g.V_t)),
            ),
        ),
        Mistake(
            "sigma for N",
            "N_t gets the slope of σ. It is made by tanh.",
            but(dz_n=lambda g: g.whole * g.i_t * slope(g.N_t)),
        ),
        Mistake(
            "tanh twice",
            "For the slope of N_t tanh is applied to it again. N_t is the value of tanh already.",
            but(dz_n=lambda g: g.whole * g.i_t * (1 - np.tanh(g.N_t) ** 2)),
        ),
        Mistake(
            "times itself",
            "dz_i is multiplied by i_t, not by what i_t lets in. A product differentiated by one factor leaves the other.",
            but(dz_i=lambda g: g.whole * g.i_t * slope(g.i_t)),
        ),
        Mistake(
            "i and f exchanged",
            "i and f have changed places: each is multiplied by what the other one acts on.",
            but(
                dz_i=lambda g: g.whole * g.LTM_prev * slope(g.i_t),
                dz_f=lambda g: g.whole * g.N_t * slope(g.f_t),
            ),
        ),
        Mistake(
            "new memory",
            "dz_f is computed with the new memory. What the forget gate multiplied was the old one.",
            but(dz_f=lambda g: g.whole * g.LTM_t * slope(g.f_t)),
        ),
        Mistake(
            "memory without tanh",
            "dz_v is computed with the memory itself. The filter multiplies what is shown of it.",
            but(dz_v=lambda g: g.dE_dSTM * g.LTM_t * slope(g.V_t)),
        ),
        Mistake(
            "filter by the memory",
            "dz_v is computed from the gradient at the memory. The filter does not act on LTM_t, only on STM_t.",
            but(dz_v=lambda g: g.whole * np.tanh(g.LTM_t) * slope(g.V_t)),
        ),
        Mistake(
            "nothing forgotten",
            "The gradient at LTM_{t-1} is that at LTM_t, unchanged. On the way between them something is multiplied.",
            but(dLTM_prev=lambda g: g.whole),
            WAYS,
        ),
    ),
    reread=SLOPES,
)


# 5. The walk back


def draw_walk(rng, trial):
    B, n_s = sizes(rng, trial)
    T, n_x = (1 if trial == 0 else rng.integers(3, 5)), n_s + 1
    params = LSTMParams(*0.7 * rng.normal(size=(4, n_s + n_x, n_s)), *rng.normal(size=(4, n_s)))
    s_0 = LSTMState(rng.normal(size=(B, n_s)), rng.uniform(-0.9, 0.9, (B, n_s)))
    run = LSTM().forward(params, rng.normal(size=(T, B, n_x)), s_0)
    gates, W = np.stack([run.N, run.i, run.f, run.V], axis=1), np.concatenate(params[:4], axis=1)
    given = {"x": run.x, "LTM": run.LTM, "STM": run.STM, "gates": gates, "W": W}
    return {"dE_dSTM": rng.normal(size=(T, B, n_s))} | {key: np.array(value) for key, value in given.items()}


def lstm_back(dE_dSTM, x, LTM, STM, gates, W):
    n_s = LTM.shape[2]
    seen = np.empty((*LTM.shape[:2], len(W) + 1))
    gated.rows(seen, x, n_s)
    seen[..., :n_s] = STM
    run = LSTMRun(seen, LTM, gates[:, [3, 1, 2, 0]], np.tanh(LTM[1:]))
    params = LSTMParams(*np.split(W, 4, axis=1), *np.zeros((4, n_s)))
    found = LSTM().backward(params, run, dE_dSTM).params
    return np.concatenate(found[:4], axis=1), np.concatenate(found[4:8])


def deltas(
    dE_dSTM, x, LTM, STM, gates, W, ways=(1, 1, 1, 1), memory=1, times=reversed, to_memory=memory_back
):
    """dz of every step, (T, B, 4 n_s): a walk on which `ways` into STM_{t-1}, or the memory, may be cut."""
    W_s = W[: LTM.shape[2]] * np.repeat(ways, LTM.shape[2])
    dz, dLTM, dSTM = np.empty((*x.shape[:2], W.shape[1])), 0 * LTM[0], 0 * LTM[0]
    for t in times(range(len(x))):
        N_t, i_t, f_t, V_t = gates[t]
        dSTM = dSTM + dE_dSTM[t]
        whole = to_memory(dLTM, dSTM, LTM[t + 1], V_t)
        *dz_t, dLTM = gates_back(whole, dSTM, LTM[t], LTM[t + 1], N_t, i_t, f_t, V_t)
        dz[t], dLTM = np.concatenate(dz_t, axis=1), memory * dLTM
        dSTM = dz[t] @ W_s.T
    return dz


def collected(dz, x, STM):
    """What the steps contribute to W and b."""
    return np.einsum("tbi,tbj->ij", np.concatenate([STM, x], axis=2), dz), dz.sum(axis=(0, 1))


def walked(**choices):
    return lambda *given: collected(deltas(*given, **choices), given[1], given[3][:-1])


def x_first(dE_dSTM, x, LTM, STM, gates, W):
    n_x = x.shape[2]
    dW, db = walked()(dE_dSTM, x, LTM, STM, gates, np.roll(W, -n_x, axis=0))
    return np.roll(dW, n_x, axis=0), db


def only_the_last(dE_dSTM, *given):
    last = np.zeros_like(dE_dSTM)
    last[-1] = dE_dSTM[-1]
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
            walked(memory=0),
            WAYS,
        ),
        Mistake(
            "direct path only",
            "Only the direct path is walked. What the gates send back to STM_{t-1} is lost.",
            walked(ways=(0, 0, 0, 0)),
            WHOLE,
        ),
        Mistake(
            "one way short",
            "The filter of the use gate sees STM_{t-1} too, and its way back there is missing.",
            walked(ways=(1, 1, 1, 0)),
        ),
        Mistake(
            "never shown",
            "The way from STM_t to LTM_t is missing: from the outputs nothing reaches the memory.",
            walked(to_memory=lambda dLTM, *rest: dLTM),
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
            x_first,
            Section("7", "The simple neuron and the LSTM neuron"),
        ),
        Mistake(
            "forward in time",
            "The walk starts at step 1. What comes back from later steps is then not known yet.",
            walked(times=iter),
            EVERY_STEP,
        ),
        Mistake(
            "mean",
            "The contributions of the sequences are averaged. If E has a mean, dE_dSTM contains it already: add them.",
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
