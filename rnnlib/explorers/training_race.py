"""Lesson 8's second explorer: RNN, LSTM and GRU learn to hold one bit, before the reader's eyes.

A button starts and stops it. The kernel trains a few steps at a time, whenever the browser asks for the next
picture (see `rnnlib.explorers.player`); task and cells are in `rnnlib.experiments.training_race`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnlib.colors import COLORS
from rnnlib.experiments import training_race as lab
from rnnlib.explorers.base import Choice, Slider
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
LOSS = (-0.02, 1.3)
LOOKS = {
    "RNN": ("o", {"color": "#B87F00", "linestyle": "-", "linewidth": 1.6}),
    "LSTM": ("s", {"color": "#A8518A", "linestyle": "-", "linewidth": 2.8}),
    "GRU": ("^", {"color": COLORS["W_x"], "linestyle": "--", "linewidth": 1.8}),
}
"""Cell -> the mark of its end, and the style of its curve."""

PLAIN = {"step": 0, "lag": 30, "b": 1.0, "lr": 0.01, "seed": 4, "start": "small"}
PRESETS = {
    "lag 10": {**PLAIN, "lag": 10},
    "b = 0": {**PLAIN, "b": 0.0},
    "b = 3, lag 60": {**PLAIN, "lag": 60, "b": 3.0, "seed": 2},
    "orthogonal RNN": {**PLAIN, "start": "orthogonal", "seed": 3},
}
"""Their seeds are such that each ends alike on every processor; with others, rounding may decide."""


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
        point before; ``right_RNN`` ...: part of the last five batches that was answered right;
        ``end_RNN`` ...: "" while it goes on, then "done", "gave up" or "overflowed"; ``at_RNN`` ...: steps
        taken; ``last``: whether nothing is left to train.
    """
    arrays = {"last": True}
    for name, (loss, right, end) in lab.race(lag, b, lr, seed, start).at(step).items():
        edges = np.unique(np.r_[0 : len(loss) : CHUNK, len(loss)])
        means = np.add.reduceat(loss, edges[:-1]) / np.diff(edges) if len(loss) else loss
        arrays[f"loss_{name}"] = np.stack([edges[1:], means])
        arrays[f"right_{name}"] = float(np.mean(right[-CHUNK:])) if len(right) else np.nan
        arrays[f"end_{name}"], arrays[f"at_{name}"] = end, len(loss)
        arrays["last"] &= bool(end)
    return arrays


def draw(fig: Figure, arrays: Mapping) -> dict:
    """Draw the curves, the mark at the end of each, and how each does, at the right."""
    ax, beside = fig.subplots(1, 2, width_ratios=[4.4, 1])
    last = GRIDS["step"][-1]
    ax.set(xlim=(0, last), ylim=LOSS, xlabel="training step", ylabel="loss $E$ of new sequences")
    ax.axhline(0.5, color=COLORS["grey"], linewidth=1, linestyle=":")
    ax.text(last, 0.53, "always answering 0", color="#555555", ha="right", va="bottom", fontsize=9.5)
    beside.set(xlim=(0, 1), ylim=(0, 1))
    beside.axis("off")
    artists = {}
    for row, cell in enumerate(LOOKS):
        artists |= _draw_cell(ax, cell) | {f"note_{cell}": _draw_note(beside, cell, 0.94 - 0.32 * row)}
    return artists


def _draw_cell(ax: Axes, cell: str) -> dict:
    mark, style = LOOKS[cell]
    (curve,) = ax.plot([], [], **style)
    (end,) = ax.plot([], [], mark, color=style["color"], markersize=9)
    return {f"loss_{cell}": curve, f"mark_{cell}": end}


def _draw_note(ax: Axes, cell: str, y: float) -> object:
    mark, style = LOOKS[cell]
    ax.plot([0, 0.25], [y, y], marker=mark, markevery=[1], markersize=9, clip_on=False, **style)
    ax.text(0.36, y, cell, color=style["color"], weight="bold", va="center")
    return ax.text(0, y - 0.06, "", va="top", fontsize=9.5)


def move(artists: Mapping, arrays: Mapping) -> None:
    """Set curves, marks and notes."""
    for cell in LOOKS:
        loss, done = arrays[f"loss_{cell}"], arrays[f"end_{cell}"] == "done"
        artists[f"loss_{cell}"].set_data(*loss)
        artists[f"mark_{cell}"].set_data(*loss[:, -1:] if done else ([], []))
        artists[f"note_{cell}"].set_text(_state(arrays, cell, ",\n"))


def _state(arrays: Mapping, cell: str, between: str = ", ") -> str:
    at, end = arrays[f"at_{cell}"], arrays[f"end_{cell}"]
    if not at:
        return "not trained yet"
    how = f"{end} at step {at}" if end else f"loss {arrays[f'loss_{cell}'][1, -1]:.2f}"
    return f"{how}{between}{arrays[f'right_{cell}']:.0%} right"


def words(arrays: Mapping, step: int, lag: int, b: float, lr: float, seed: int, start: str) -> str:
    """Say how far each cell is, and with what it started."""
    states = "; ".join(f"{cell}: {_state(arrays, cell)}" for cell in LOOKS)
    after = " Nothing is left to train." if arrays["last"] else "" if step else " Press Start."
    task = f"Hold one bit for {lag} steps; b = {b:g}, learning rate {lr:g}, {start} start, seed {seed}."
    return f"{task} {states}.{after}"


ALT = (
    "Loss against the training step, one curve each for RNN, LSTM and GRU, growing while they train; a mark "
    "where a cell answers 16 batches in a row without a mistake; a line at the loss of always answering 0. "
    "With learning rate 0.03 the curve of the RNN may pass above the picture."
)


def explorer() -> Player:
    """Return the training race. It asks the kernel, and only while it runs."""
    steps = lab.SETTINGS["steps"]
    controls = [
        Slider("lag", GRIDS["lag"], PLAIN["lag"], label="lag", unit="steps"),
        Play("step", GRIDS["step"], 0, unit=f"of {steps} steps"),
        Slider("b", GRIDS["b"], PLAIN["b"], label="forget bias b_f = b_z"),
        Slider("lr", GRIDS["lr"], PLAIN["lr"], label="learning rate"),
        Choice("start", ("small", "orthogonal"), PLAIN["start"], label="recurrent weights start"),
        Slider("seed", GRIDS["seed"], PLAIN["seed"], label="draw again, seed"),
    ]
    texts = {"title": "Who learns to hold a bit?", "alt": ALT, "words": words, "presets": PRESETS}
    return Player(compute, draw, controls, move=move, front=2, figsize=(9.0, 3.8), **texts)
