"""Lesson 8's second explorer: RNN, LSTM and GRU learn to hold one bit, before the reader's eyes.

A button starts and stops it. The kernel trains a few steps at a time, whenever the browser asks for the next
picture (see `rnnlib.explorers.player`); task and cells are in `rnnlib.experiments.training_race`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnlib.colors import COLORS
from rnnlib.experiments import training_race as lab
from rnnlib.explorers.base import Choice, Explorer, Slider
from rnnlib.explorers.player import Play, Player

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["GRIDS", "PRESETS", "compute", "draw", "explorer", "move", "words"]

CHUNK = 5
"""Training steps from frame to frame, and in the mean that a point of a curve stands for."""

GRIDS = {
    "lag": (5, 10, 20, 30, 60, 100),
    "step": tuple(range(0, lab.SETTINGS["steps"] + 1, CHUNK)),
    "b": (0.0, 1.0, 3.0, 5.0),
    "lr": (0.003, 0.01, 0.03),
    "seed": (1, 2, 3, 4, 5),
}
LOSS = (0.0, 0.8)
BESIDE = 1.04
"""Where the names stand, right of the panel."""

LOOKS = {
    "RNN": ("o", {"color": "#B87F00", "linestyle": "-", "linewidth": 1.6}),
    "LSTM": ("s", {"color": "#A8518A", "linestyle": "-", "linewidth": 2.8}),
    "GRU": ("^", {"color": COLORS["W_x"], "linestyle": "--", "linewidth": 1.8}),
}
"""Cell -> the mark of its end, and the style of its curve."""

PLAIN = {"step": 0, "lr": 0.01, "seed": 1, "start": "orthogonal"}
PRESETS = {
    "short lag": {**PLAIN, "lag": 10, "b": 1.0},
    "bias 0, lag 30": {**PLAIN, "lag": 30, "b": 0.0},
    "bias 5, lag 30": {**PLAIN, "lag": 30, "b": 5.0},
}


def compute(step: int, lag: int, b: float, lr: float, seed: int, start: str) -> dict:
    """Train up to a step; what was trained before is not trained again.

    Parameters
    ----------
    step : int
        Training steps.
    lag, b, lr, seed, start
        As `rnnlib.experiments.training_race.Race` takes them.

    Returns
    -------
    dict
        ``loss_RNN``, ``loss_LSTM``, ``loss_GRU``: (2, points), steps and the mean loss of the steps since the
        point before; ``right_RNN`` ...: part of the last five batches that was answered right; ``end_RNN`` ...:
        "" while it goes on, "done", "gave up" or "overflowed"; ``at_RNN`` ...: steps taken; ``last``: whether
        nothing is left to train.
    """
    arrays = {"last": True}
    for name, (loss, right, end) in lab.race(lag, b, lr, seed, start).at(step).items():
        edges = np.unique(np.r_[0 : len(loss) : CHUNK, len(loss)])
        means = np.add.reduceat(loss, edges[:-1]) / np.diff(edges) if len(loss) else loss
        arrays[f"loss_{name}"] = np.stack([edges[1:], means])
        arrays[f"right_{name}"] = float(np.mean(right[-CHUNK:])) if len(right) else 0.5
        arrays[f"end_{name}"], arrays[f"at_{name}"] = end, len(loss)
        arrays["last"] &= bool(end)
    return arrays


def draw(fig: Figure, arrays: Mapping) -> dict:
    """Draw the curves, the mark at the end of each, and how each does, at the right."""
    ax = fig.subplots()
    ax.set(xlim=(0, GRIDS["step"][-1]), ylim=LOSS, xlabel="training step", ylabel="loss $E$ of a new batch")
    ax.axhline(0.5, color=COLORS["grey"], linewidth=1, linestyle=":")
    ax.text(GRIDS["step"][-1], 0.51, "always answering 0", color="#555555", ha="right", va="bottom", fontsize=9.5)
    return {name: part for row, cell in enumerate(LOOKS) for name, part in _draw_cell(ax, cell, row).items()}


def _draw_cell(ax: Axes, cell: str, row: int) -> dict:
    mark, style = LOOKS[cell]
    y = 0.86 - 0.32 * row
    place = {"transform": ax.transAxes, "clip_on": False}
    ax.plot([BESIDE, BESIDE + 0.05], [y, y], marker=mark, markevery=[1], markersize=9, **style, **place)
    ax.text(BESIDE + 0.075, y, cell, color=style["color"], weight="bold", va="center", transform=ax.transAxes)
    (curve,) = ax.plot([], [], **style)
    (end,) = ax.plot([], [], mark, color=style["color"], markersize=9)
    note = ax.text(BESIDE, y - 0.06, "still untrained, 50% right", va="top", fontsize=9.5, transform=ax.transAxes)
    return {f"loss_{cell}": curve, f"mark_{cell}": end, f"note_{cell}": note}


def move(artists: Mapping, arrays: Mapping) -> None:
    """Set curves, marks and notes."""
    for cell in LOOKS:
        loss = arrays[f"loss_{cell}"]
        artists[f"loss_{cell}"].set_data(*loss)
        artists[f"mark_{cell}"].set_data(*(loss[:, -1:] if arrays[f"end_{cell}"] == "done" else np.empty((2, 0))))
        artists[f"note_{cell}"].set_text(f"{_state(arrays, cell)},\n{arrays[f'right_{cell}']:.0%} right")


def _state(arrays: Mapping, cell: str) -> str:
    at, end = arrays[f"at_{cell}"], arrays[f"end_{cell}"]
    if end:
        return f"{end} after {at} steps"
    return f"loss {arrays[f'loss_{cell}'][1, -1]:.2f}" if at else "not trained yet"


def words(arrays: Mapping, step: int, lag: int, **controls: object) -> str:
    """Say how far each cell is."""
    states = "; ".join(f"{c}: {_state(arrays, c)}, {arrays[f'right_{c}']:.0%} right" for c in LOOKS)
    verdict = " Nothing is left to train." if arrays["last"] else ""
    return f"Hold one bit for {lag} steps. {states}.{verdict}"


ALT = (
    "Loss against the training step, one curve each for RNN, LSTM and GRU, growing while they train; a mark "
    "where a cell answers 16 batches in a row without a mistake; a line at the loss of always answering 0."
)


def explorer() -> Explorer:
    """Return the training race. It asks the kernel, and only while it runs."""
    steps = lab.SETTINGS["steps"]
    controls = [
        Slider("lag", GRIDS["lag"], 20, label="lag", unit="steps"),
        Play("step", GRIDS["step"], 0, unit=f"of {steps} steps"),
        Slider("b", GRIDS["b"], 1.0, label="forget bias b_f = b_z"),
        Slider("lr", GRIDS["lr"], 0.01, label="learning rate"),
        Choice("start", {"orthogonal": "orthogonal", "small": "small"}, "orthogonal", label="recurrent weights start"),
        Slider("seed", GRIDS["seed"], 1, label="draw again, seed"),
    ]
    texts = {"title": "Who learns to hold a bit?", "alt": ALT, "words": words, "presets": PRESETS}
    return Player(compute, draw, controls, move=move, live=True, front=2, figsize=(9.0, 3.8), **texts)
