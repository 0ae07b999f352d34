"""Exercise 8, one step back through an LSTM: to the memory and into the gates. `ex08_walk` takes all steps."""

from typing import NamedTuple

import numpy as np

from rnnlib.activations import sigmoid
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["GATES", "MEMORY", "WAYS", "gates_back", "memory_back", "share", "sizes"]

WAYS = Section("8", "Every way back")
SLOPES = Section("7", "Gates that learn")


def sizes(rng, trial):
    """(B, n_s): different, and one sequence in the first trial."""
    return (1 if trial == 0 else rng.integers(5, 7)), rng.integers(2, 5)


def share(rng, *shape):
    """Values of a gate."""
    return rng.uniform(0.1, 0.9, shape)


# 3. Back to the memory


def draw_memory(rng, trial):
    shape = sizes(rng, trial)
    futures = {name: rng.normal(size=shape) for name in ("from_next", "dE_dSTM")}
    return {**futures, "LTM_t": 1.5 * rng.normal(size=shape), "V_t": share(rng, *shape)}


def memory_back(from_next, dE_dSTM, LTM_t, V_t):
    return from_next + dE_dSTM * shown(LTM_t, V_t)


def shown(LTM_t, V_t):
    """∂STM_t/∂LTM_t."""
    return V_t / np.cosh(LTM_t) ** 2


def seen_as(slope):
    """`memory_back` with another derivative of STM_t."""
    return lambda from_next, dE_dSTM, LTM_t, V_t: from_next + dE_dSTM * slope(LTM_t, V_t)


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
            lambda from_next, dE_dSTM, LTM_t, V_t: dE_dSTM * shown(LTM_t, V_t),
        ),
        Mistake(
            "use gate skipped",
            "Only what comes from step t+1 is there. The memory was also shown, as STM_t, and that way leads back too.",
            lambda from_next, dE_dSTM, LTM_t, V_t: from_next,
        ),
        Mistake(
            "both through the use gate",
            "What comes from step t+1 goes through the use gate too. It came back along the memory, where no use gate stands.",
            lambda from_next, dE_dSTM, LTM_t, V_t: (from_next + dE_dSTM) * shown(LTM_t, V_t),
        ),
        Mistake(
            "slope for both",
            "What comes from step t+1 is multiplied by the slope of tanh too. It came back along the memory, where no tanh stands.",
            lambda from_next, dE_dSTM, LTM_t, V_t: (from_next + dE_dSTM * V_t) * shown(LTM_t, 1.0),
        ),
        Mistake(
            "multiplied",
            "The two ways are multiplied. Along a way there are products; ways are added.",
            lambda from_next, dE_dSTM, LTM_t, V_t: from_next * dE_dSTM * shown(LTM_t, V_t),
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
            "slope by STM",
            "The slope of tanh is written with STM_t. That is no value of tanh any more: the filter stands in between.",
            seen_as(lambda LTM_t, V_t: V_t * (1 - (V_t * np.tanh(LTM_t)) ** 2)),
        ),
        Mistake(
            "value for slope",
            "Where the slope of tanh belongs stands its value.",
            seen_as(lambda LTM_t, V_t: V_t * np.tanh(LTM_t)),
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
            "The sum is right, but it is written into from_next itself. Whoever called it still needs the old values.",
            changes=("from_next",),
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
    returns=tuple(f"∂E/∂{name} (B, n_s)" for name in ("z_n", "z_i", "z_f", "z_v", "LTM_{t-1}")),
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
            "slopes only",
            "The slopes are there, but each of the four stands in a product: what it multiplies is missing.",
            but(
                dz_n=lambda g: g.whole * (1 - g.N_t**2),
                dz_i=lambda g: g.whole * slope(g.i_t),
                dz_f=lambda g: g.whole * slope(g.f_t),
                dz_v=lambda g: g.dE_dSTM * slope(g.V_t),
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
            "all squashed again",
            "For the slopes all four are squashed once more. They are values of σ and tanh already.",
            but(
                dz_n=lambda g: g.whole * g.i_t * (1 - np.tanh(g.N_t) ** 2),
                dz_i=lambda g: g.whole * g.N_t * slope(sigmoid(g.i_t)),
                dz_f=lambda g: g.whole * g.LTM_prev * slope(sigmoid(g.f_t)),
                dz_v=lambda g: g.dE_dSTM * np.tanh(g.LTM_t) * slope(sigmoid(g.V_t)),
            ),
        ),
        Mistake(
            "tanh for the gates",
            "i, f and V get the slope of tanh. They are made by σ.",
            but(
                dz_i=lambda g: g.whole * g.N_t * (1 - g.i_t**2),
                dz_f=lambda g: g.whole * g.LTM_prev * (1 - g.f_t**2),
                dz_v=lambda g: g.dE_dSTM * np.tanh(g.LTM_t) * (1 - g.V_t**2),
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
            "∂E/∂z_i is multiplied by i_t, not by what i_t lets in. A product differentiated by one factor leaves the other.",
            but(dz_i=lambda g: g.whole * g.i_t * slope(g.i_t)),
        ),
        Mistake(
            "all times themselves",
            "Each of the four is multiplied by itself. A product differentiated by one factor leaves the other.",
            but(
                dz_n=lambda g: g.whole * g.N_t * (1 - g.N_t**2),
                dz_i=lambda g: g.whole * g.i_t * slope(g.i_t),
                dz_f=lambda g: g.whole * g.f_t * slope(g.f_t),
                dz_v=lambda g: g.dE_dSTM * g.V_t * slope(g.V_t),
            ),
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
            "∂E/∂z_f is computed with the new memory. What the forget gate multiplied was the old one.",
            but(dz_f=lambda g: g.whole * g.LTM_t * slope(g.f_t)),
        ),
        Mistake(
            "memory without tanh",
            "∂E/∂z_v is computed with the memory itself. The filter multiplies what is shown of it.",
            but(dz_v=lambda g: g.dE_dSTM * g.LTM_t * slope(g.V_t)),
        ),
        Mistake(
            "slope in the filter",
            "In ∂E/∂z_v stands the slope of tanh. What does the filter multiply, the slope or the value?",
            but(dz_v=lambda g: g.dE_dSTM * (1 - np.tanh(g.LTM_t) ** 2) * slope(g.V_t)),
        ),
        Mistake(
            "filter by the memory",
            "∂E/∂z_v is computed from the gradient at the memory. The filter does not act on LTM_t, only on STM_t.",
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
