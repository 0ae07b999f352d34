"""Lesson 7's explorer: set the gates of one LSTM unit by hand, to remember one bit over a distance.

    LTM_t = f_t LTM_{t-1} + i_t N_t,   N_t = tanh(2 x_t)
    STM_t = V_t tanh(LTM_t)

Only N_t sees the input; f, i and V are what the reader sets: once for all steps, or with other values where a
bit comes and where the question comes. By hand a gate may be 0 or 1, which σ comes near to
and never reaches. The numbers are those of `rnnlib.LSTM` with held gates; tasks, score and the trained cells
beside are in `rnnlib.experiments.gate_lab`. No table can hold so many settings: the kernel is
asked.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from rnnlib.cells import LSTM, LSTMParams, LSTMState
from rnnlib.experiments import gate_lab as lab
from rnnlib.explorers import gate_lab_picture as picture
from rnnlib.explorers.base import Check, Choice, Explorer, Slider

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["GATES", "SAME", "SHOW_ME", "START", "STEPS", "compute", "explorer", "words"]

GATES = ("f", "i", "V")
"""The gates, in the order of the sliders."""

MOMENTS = ("", "_bit", "_ask")
"""Endings of the sliders' names, in the order of `Level.moments`."""

STEPS = max(task.N for task in lab.LEVELS.values())
VALUES = tuple(round(0.05 * k, 2) for k in range(21))

SAME = -0.05
"""At a bit or when asked: no value of its own, as at all other steps."""

ALL_SAME = {f"{gate}{moment}": SAME for moment in MOMENTS[1:] for gate in GATES}
START = {"f": 0.5, "i": 0.5, "V": 0.5, "t": 1, "level": 1, "trained": False} | ALL_SAME | {"sequence": 1}
"""The controls at the start; the gates at σ(0), where those of an untrained cell stand."""

SHOW_ME = {
    1: ALL_SAME | {"f": 1.0, "i": 1.0, "V": 1.0},
    2: ALL_SAME | {"f": 1.0, "i": 0.0, "V": 1.0, "i_bit": 1.0},
    3: ALL_SAME | {"f": 1.0, "i": 0.0, "V": 0.0, "f_bit": 0.0, "i_bit": 1.0, "V_ask": 1.0},
}
"""Level -> gates that solve it."""

TASKS = {
    1: "Answer at step 5 with the bit of step 1. ",
    2: "Answer at step 10 with the bit of step 1; all else is noise. ",
    3: "Answer at step 20 with the newest bit, in silence before; all else is noise. ",
}


def compute(**controls: object) -> dict:
    """Let the unit run over all sequences of a level.

    Parameters
    ----------
    **controls
        ``level`` 1 to 3; ``f``, ``i``, ``V`` in [0, 1]; ``f_bit`` ... ``V_ask``, in [0, 1] or `SAME`; ``t``,
        the cursor, which waits at the last step; ``sequence``, from 1; ``trained``. Those that are not given
        stand as in `START`.

    Returns
    -------
    dict
        Of the shown sequence ``x``, ``f``, ``i``, ``V``, ``N``, ``kept``, ``learned``, ``U`` (N,), and
        ``LTM``, ``STM`` (N+1,) from step 0. ``score``, ``answer``, ``cost``: points over all sequences.
        ``left``: the part of the last bit that f leaves until the question. ``bit``: what is asked for.
        ``t``, ``level``; ``trained``: None, or a dict of ``f``, ``i``, ``V``, ``LTM``, ``STM`` and ``score``.

    Raises
    ------
    ValueError
        For an unknown control, or a gate that is not in [0, 1].
    """
    unknown = sorted(set(controls) - set(START))
    if unknown:
        raise ValueError(f"compute got {unknown}; expected some of {list(START)}")
    at = START | controls
    task, shown, level = lab.LEVELS[at["level"]], at["sequence"] - 1, at["level"]
    held = _held(at, task.moments)
    x, bits = lab.sequences(level)
    LTM, STM = _run(x, held)
    score = lab.score(level, STM[1:] / lab.LOUD)
    gates = {gate: np.array([step[gate] for step in held]) for gate in GATES}
    return {
        "level": level,
        "t": min(at["t"], task.N),
        "x": x[:, shown],
        **gates,
        **_products(x[:, shown], gates, LTM[:, shown]),
        "STM": STM[:, shown],
        "bit": bits[shown],
        "left": float(np.prod(gates["f"][task.bits[-1] :])),
        "score": score.total,
        "answer": score.answer,
        "cost": score.cost,
        "trained": _trained(level, shown) if at["trained"] else None,
    }


def _held(at: Mapping, moments: np.ndarray) -> list[dict]:
    """Return for each step the values at which the gates are held."""

    def value(gate: str, moment: str) -> float:
        own = at[f"{gate}{moment}"]
        return float(at[gate] if own == SAME else own)

    held = [{gate: value(gate, moment) for gate in GATES} for moment in MOMENTS]
    return [held[moment] for moment in moments]


def _run(x: np.ndarray, held: list[dict]) -> LSTMState:
    """Run rnnlib's LSTM over x (N, B), its gates held at each step: LTM and STM (N+1, B)."""
    nothing, state = np.zeros((2, 1)), LSTMState(*np.zeros((2, x.shape[1], 1)))
    W_n = np.array([[0.0], [lab.WEIGHT]])
    params = LSTMParams(W_n, nothing, nothing, nothing, *np.zeros((4, 1)))
    states = [state]
    for x_t, gates in zip(x[..., None], held, strict=True):
        state = LSTM(hold=gates).step(params, state, x_t)
        states.append(state)
    return LSTMState(*(np.stack(part)[..., 0] for part in zip(*states, strict=True)))


def _products(x: np.ndarray, gates: Mapping, LTM: np.ndarray) -> dict:
    """Return what flows between the parts of the diagram."""
    N = np.tanh(lab.WEIGHT * x)
    return {
        "N": N,
        "kept": gates["f"] * LTM[:-1],
        "learned": gates["i"] * N,
        "LTM": LTM,
        "U": np.tanh(LTM[1:]),
    }


@cache
def _trained(level: int, shown: int) -> dict:
    run = lab.run(level, lab.trained(level))
    cell = run.runs[0]
    parts = {name: getattr(cell, name)[:, shown, 0] for name in (*GATES, "LTM", "STM")}
    return parts | {"score": lab.score(level, run.y[..., 0]).total}


def words(arrays: Mapping, **controls: object) -> str:
    """Say the task, the score and its parts, and the equations at the cursor with their numbers."""
    level, t = arrays["level"], arrays["t"]
    f, i, V = (f"{arrays[gate][t - 1]:g}" for gate in GATES)
    values = arrays["N"][t - 1], arrays["LTM"][t - 1], arrays["LTM"][t], arrays["STM"][t]
    N, before, LTM, STM = (number(value) for value in values)
    return (
        f"{TASKS[level]}Score {arrays['score']:.0f} of 100{_parts(arrays)}. "
        f"f leaves {arrays['left']:.0%} of the bit until then. "
        f"Step {t}, {picture.comes(lab.LEVELS[level], t)}: LTM = {f}·{_in_brackets(before)} + "
        f"{i}·{_in_brackets(N)} = {LTM}, STM = {V}·tanh({LTM}) = {STM}."
    )


def _parts(arrays: Mapping) -> str:
    text = ""
    if lab.LEVELS[arrays["level"]].silent:
        text = f": answers {arrays['answer']:.0f}, talking too early costs {arrays['cost']:.0f}"
    if arrays["trained"]:
        text += f" (the trained cell {arrays['trained']['score']:.0f})"
    return text


def number(value: float) -> str:
    """Write a number with two digits after the point.

    >>> number(-0.964), number(1.0), number(-0.001)
    ('−0.96', '1.00', '0.00')
    """
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


def _in_brackets(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def explorer(level: int = 1) -> Explorer:
    """Return the gate lab.

    Its controls: sliders ``f``, ``i``, ``V``, ``t``, the choice ``level`` and the check box ``trained`` in
    front; behind them the sliders ``f_bit``, ``i_bit``, ``V_bit``, ``f_ask``, ``i_ask``, ``V_ask``, where
    `SAME` is a value too, and ``sequence``.

    Parameters
    ----------
    level : int
        Where it starts: 1, 2 or 3.

    Raises
    ------
    ValueError
        For another level.
    """
    levels = {k: f"{k} {task.name}" for k, task in lab.LEVELS.items()}
    return Explorer(
        compute,
        picture.draw,
        [
            *_gates("", "forget f", "ignore i", "use V"),
            Slider("t", range(1, STEPS + 1), START["t"], label="step t"),
            Choice("level", levels, level, label="level", style="select"),
            Check("trained", label="show a trained cell beside"),
            *_gates("_bit", "f at a bit", "i at a bit", "V at a bit"),
            *_gates("_ask", "f when asked", "i when asked", "V when asked"),
            Slider("sequence", range(1, lab.SCORED + 1), START["sequence"], label="show sequence"),
        ],
        title="Keep it, shut out the rest, show it when asked: three gates hold one bit",
        alt=picture.ALT,
        move=picture.move,
        words=words,
        presets={f"Show me {k}": {"level": k} | solution for k, solution in SHOW_ME.items()},
        live=True,
        front=6,
        figsize=(9.0, 4.7),
    )


def _gates(moment: str, *labels: str) -> list[Slider]:
    """Return the three sliders of a moment."""
    names = [f"{gate}{moment}" for gate in GATES]
    grid = (SAME, *VALUES) if moment else VALUES
    return [
        Slider(name, grid, START[name], label, format=".2f", instead={SAME: f"as {name[0]}"})
        for name, label in zip(names, labels, strict=True)
    ]
