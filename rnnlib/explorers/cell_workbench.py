"""Lesson 9's explorer: two cells learn the same problem, each with five seeds.

All nets were trained beforehand by one recipe: `python -m rnnlib.experiments long_lags`. The kernel only
reads the stored curves. To watch a training, call `rnnlib.experiments.long_lags.live`.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from rnnlib.colors import COLORS, INK
from rnnlib.experiments import race, workbench
from rnnlib.explorers.base import Choice, Explorer
from rnnlib.explorers.scene import update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["PRESETS", "compute", "draw", "explorer", "move"]

SEEDS, STREAK = 5, race.SETTINGS["streak"]
ALL = "all"
CHOICES = {ALL: "all five, thick: median", **{seed: f"thick: seed {seed}" for seed in range(SEEDS)}}
FIRST, LAST = 25, 250_000
"""Ends of the axis, in training sequences."""

TOP = 1.25
"""Upper end of the picture; of all pairs of problem and cell, four have a curve that passes it."""

TICKS = 6
CURVES, ROW = ("thin", "done", "failed"), ("solved", "unsolved", "median")
LOOKS = {
    "a": {"color": COLORS["W_x"], "linestyle": "-", "marker": "o"},
    "b": {"color": COLORS["W_s"], "linestyle": (0, (4, 1.6)), "marker": "s"},
}
ROWS = {"a": SEEDS + 1, "b": 0}
"""Where the rows of the strip begin."""

GUESSING = dict.fromkeys(("latch", "two-sequence", "temporal order"), "guessing")
GUESSING["adding"] = "the mean"
ENDS = "training sequences:  ● ■ here a seed solved it,  × here one had not"
TASKS = {
    "latch": "keep one bit over that many steps of noise",
    "two-sequence": "keep the class of the first inputs over that many steps of noise",
    "grammar": "predict which symbols may follow; a string ends as it began",
    "adding": "add the two marked ones of T numbers",
    "temporal order": "name the two symbols that matter among T, in their order",
}
ALT = (
    "Loss against training sequences, log scales. Cell A is solid and blue, cell B dashed and orange. Each "
    "has a thin line for each of five seeds, a band of the middle three, a thick line for the median or one "
    "seed, filled marks where seeds solved the problem, crosses where they had not. Dotted: guessing. "
    "Beneath, a row for each cell: after how many sequences each seed ended, and how many of five solved it. "
    "A few curves pass above the picture."
)
NOTHING = np.full((2, 1), np.nan)
NOTES = "LSTM, b_f = 5, notes' use gate"
PRESETS = {
    "a plain RNN is quicker": ("latch, lag 30", "RNN", "LSTM, b_f = 5"),
    "but here it fails": ("temporal order, T = 50", "RNN", "LSTM, b_f = 5"),
    "b_f = 0 never learns": ("latch, lag 30", "LSTM, b_f = 0", "LSTM, b_f = 5"),
    "adding: ignore gates start closed": ("adding, T = 100", "LSTM, b_f = 5", "LSTM, b_f = 5, b_i = -3"),
    "forget gate off": ("grammar, 4 strings", "LSTM, b_f = 5", "LSTM, no forget gate"),
    "keep or renew": ("temporal order, T = 50", "GRU, b_z = 5", "GRU, renew, b_z = -5"),
    "renew, wrong sign": ("latch, lag 30", "GRU, renew, b_z = -5", "GRU, renew, b_z = 5"),
    "notes' use gate": ("temporal order, T = 50", "LSTM, b_f = 5", NOTES),
}


class Look(dict):
    """Arrays that follow from their ``key``. It stands for them where frames are compared: that is quick."""

    def __reduce__(self) -> tuple:
        return dict, ((("key", self["key"]),),)


def compute(problem: str, a: str, b: str, seeds: int | str) -> dict:
    """Look two cells up, and scale their losses for the picture: 0 at its lower end, 1 at the upper.

    Parameters
    ----------
    problem : str
        One of `workbench.problems()`.
    a, b : str
        Two of `workbench.cells()`.
    seeds : int or "all"
        The seed whose curve is the thick one, or the median of all.

    Returns
    -------
    dict
        ``frame``: ``key``, ``ticks``, (height, label) each, ``chance``, the height of guessing or None, and
        ``guess``, what that is called. ``a`` and ``b``: see `_cell`; ``a_line`` and ``b_line``: the thick
        curve, (2, points), and the place of its seed in the strip, (2, 1), or None for each.
    """
    cells = {"a": a, "b": b}
    lines = {f"{slot}_line": _line(problem, cell, seeds) for slot, cell in cells.items()}
    return {"frame": _frame(problem)} | {slot: _cell(problem, cell) for slot, cell in cells.items()} | lines


@cache
def _frame(problem: str) -> Look:
    chance = next(workbench.look_up(problem, cell).chance for cell in workbench.cells(problem))
    ticks = [digit * 10.0**power for power in range(-5, 3) for digit in (1, 2, 5)]
    inside = [tick for tick in ticks if 0 <= _height(problem, tick) <= TOP]
    inside = inside if len(inside) <= TICKS else [t for t in inside if np.isclose(np.log10(t) % 1, 0)]
    return Look({
        "key": problem,
        "ticks": [(_height(problem, tick), f"{tick:.10g}") for tick in inside],
        "chance": None if chance is None else _height(problem, chance),
        "guess": GUESSING.get(problem.split(",")[0], ""),
    })  # fmt: skip


@cache
def _range(problem: str) -> tuple:
    """Lowest loss of all cells, and one that few exceed, none at its end; such curves leave at the top."""
    every = np.concatenate([workbench.look_up(problem, cell).loss.T for cell in workbench.cells(problem)])
    ends = [workbench.look_up(problem, cell).loss[:, -1].max() for cell in workbench.cells(problem)]
    return every.min() / 1.1, max(np.quantile(every, 0.98), *ends)


def _height(problem: str, loss: object) -> object:
    low, high = _range(problem)
    return np.log(np.asarray(loss) / low) / np.log(high / low)


@cache
def _cell(problem: str, cell: str) -> Look:
    """What the picture shows of one cell.

    ``key``; ``name``; ``races``, as stored, or None; and if there are any: ``band`` (n, 2), the corners of
    what the middle three of the five fill; ``thin``, all curves, with gaps between them; ``done`` and
    ``failed``, where they end; ``solved``, ``unsolved`` and ``median``, the same for the row of the strip,
    whose last seed is at 0.
    """
    races, about = workbench.look_up(problem, cell), {"key": f"{problem}: {cell}", "name": typeset(cell)}
    if races is None:
        return Look(about, races=None)
    x, curves, well = races.sequences, _curves(problem, cell), races.solved
    low, high = np.sort(_height(problem, races.loss), axis=0)[[1, -2]]
    above = np.stack([curve[:, -1] for curve in curves], axis=1)
    below = np.stack([races.ends, np.arange(SEEDS)[::-1]])
    return Look(about | {
        "races": races,
        "band": np.column_stack([np.r_[x, x[::-1]], np.r_[low, high[::-1]]]),
        "thin": np.concatenate([part for curve in curves for part in (curve, NOTHING)], axis=1),
        "done": above[:, well],
        "failed": above[:, ~well],
        "solved": below[:, well],
        "unsolved": below[:, ~well],
        "median": np.stack([[races.to_success or np.nan] * 2, [-0.6, SEEDS - 0.4]]),
    })  # fmt: skip


@cache
def _line(problem: str, cell: str, seeds: int | str) -> tuple:
    races = workbench.look_up(problem, cell)
    if races is None:
        return None, None
    if seeds == ALL:
        return np.stack([races.sequences, np.median(_height(problem, races.loss), axis=0)]), None
    return _curves(problem, cell)[seeds], np.array([[races.ends[seeds]], [SEEDS - 1 - seeds]])


@cache
def _curves(problem: str, cell: str) -> list:
    """One curve (2, points) for each seed."""
    races = workbench.look_up(problem, cell)
    pairs = (races.curve(seed) for seed in range(SEEDS))
    return [np.stack([x, _height(problem, loss)]) for x, loss in pairs]


def absent(slot: str) -> str:
    """Say that there is nothing to see."""
    return f"{slot.upper()} was not trained on this problem"


def typeset(cell: str) -> str:
    """Write a cell's name with the signs of print.

    >>> typeset("GRU, renew, b_z = -5"), typeset("RNN, 0.1 x rate")
    ('GRU, renew, b_z = −5', 'RNN, 0.1 × rate')
    """
    return cell.replace(" x ", " × ").replace("= -", "= −")


def draw(fig: Figure, arrays: Mapping) -> dict:
    """Draw the curves, and beneath them where each seed ended."""
    curves, strip = fig.subplots(2, 1, height_ratios=[3, 1], sharex=True)
    curves.set(xscale="log", xlim=(FIRST, LAST), ylim=(-0.03, TOP), yticks=[])
    curves.set_ylabel("loss $E$ of new sequences", labelpad=36)
    strip.set(ylim=(-1, 2 * SEEDS + 1), xlabel=ENDS)
    strip.set_yticks([row + SEEDS // 2 for row in ROWS.values()], ["A", "B"], weight="bold")
    strip.set_xticks([100, 1000, 10_000, 100_000], ["100", "1,000", "10,000", "100,000"])
    curves.tick_params(labelbottom=False)
    strip.tick_params(axis="y", length=0)
    curves.minorticks_off()
    strip.minorticks_off()
    strip.axhline(SEEDS, color=COLORS["grey"], linewidth=0.8)
    artists = {"frame": _draw_frame(curves)}
    for slot in LOOKS:
        artists[slot] = _draw_cell(curves, slot) | _draw_row(strip, slot)
        style = {"color": LOOKS[slot]["color"], "markeredgewidth": 1.6, "markersize": 10, "fillstyle": "none"}
        (line,) = curves.plot([], [], linewidth=2.6, **{**LOOKS[slot], "marker": None})
        artists[f"{slot}_line"] = {"line": line, "ring": strip.plot([], [], "o", **style)[0]}
    return artists


def _draw_frame(ax: Axes) -> dict:
    place = {"transform": ax.get_yaxis_transform(), "va": "center"}
    return {
        "grid": ax.plot([], [], color=COLORS["grey"], linewidth=0.6, alpha=0.5, zorder=0.5)[0],
        "chance": ax.plot([], [], ":", color=INK, linewidth=1.4)[0],
        "guess": ax.text(1.008, 0.5, "", **place, fontsize=9),
        **{f"tick_{k}": ax.text(-0.008, k / TICKS, "", **place, ha="right") for k in range(TICKS)},
    }


def _draw_cell(ax: Axes, slot: str) -> dict:
    """Draw a cell's header, and its curves."""
    look, above = LOOKS[slot], {"transform": ax.transAxes, "clip_on": False}
    left, color = (0.0, 0.51)[slot == "b"], look["color"]
    ax.plot([left, left + 0.045], [1.06] * 2, **look, markevery=[1], linewidth=2.4, **above)
    ends = {"linestyle": "none", "color": color, "zorder": 3}
    inside = {"transform": ax.transAxes, "bbox": {"facecolor": "white", "linewidth": 0, "pad": 1.5}}
    thin = {"color": color, "linestyle": look["linestyle"], "linewidth": 0.8, "alpha": 0.6}
    return {
        "name": ax.text(left + 0.06, 1.06, "", color=color, weight="bold", va="center", **above),
        "absent": ax.text(0.012, (0.13, 0.04)[slot == "b"], absent(slot), color=color, **inside),
        "band": ax.fill([FIRST, LAST, LAST], [0, 0, 1], facecolor=color, alpha=0.16, linewidth=0)[0],
        "thin": ax.plot([], [], **thin)[0],
        "done": ax.plot([], [], look["marker"], **ends, markersize=6)[0],
        "failed": ax.plot([], [], "x", **ends, markersize=7, markeredgewidth=1.8)[0],
    }


def _draw_row(ax: Axes, slot: str) -> dict:
    """Draw a cell's row of the strip: the end of each seed, and how many of them solved it."""
    color, place = LOOKS[slot]["color"], {"transform": ax.get_yaxis_transform(), "va": "center"}
    ends, middle = {"linestyle": "none", "color": color}, ROWS[slot] + SEEDS // 2
    return {
        "solved": ax.plot([], [], LOOKS[slot]["marker"], **ends, markersize=4.5)[0],
        "unsolved": ax.plot([], [], "x", **ends, markersize=5, markeredgewidth=1.4)[0],
        "median": ax.plot([], [], color=color, linewidth=1.6)[0],
        "count": ax.text(1.008, middle, "", color=color, weight="bold", **place),
        "unknown": ax.text(0.012, middle, absent(slot), color=color, **place),
    }


def move(artists: Mapping, arrays: Mapping) -> None:
    """Set everything that is not as it should be yet: of many frames most differ in one thing alone."""
    if _is_new(artists["frame"]["grid"], arrays["frame"]["key"]):
        _move_frame(artists["frame"], arrays["frame"])
    for slot in LOOKS:
        if _is_new(artists[slot]["thin"], arrays[slot]["key"]):
            _move_cell(artists[slot], arrays[slot], slot)
        line, ring = arrays[f"{slot}_line"]
        _place(artists[f"{slot}_line"]["line"], line)
        _place(artists[f"{slot}_line"]["ring"], None if ring is None else ring + [[0], [ROWS[slot]]])


def _is_new(artist: object, key: str) -> bool:
    """Tell whether something else stands there, and note what is going to."""
    new = artist.get_label() != key
    if new:
        artist.set_label(key)
    return new


def _place(line: object, points: np.ndarray | None) -> None:
    update(line, visible=points is not None)
    if points is not None:
        line.set_data(*points)


def _move_frame(artists: Mapping, frame: Mapping) -> None:
    ticks, chance = frame["ticks"], frame["chance"]
    for k in range(TICKS):
        height, label = ticks[k] if k < len(ticks) else (0, "")
        update(artists[f"tick_{k}"], position=(-0.008, height), text=label)
    heights = [part for height, _ in ticks for part in (height, height, np.nan)]
    artists["grid"].set_data([FIRST, LAST, np.nan] * len(ticks), heights)
    _place(artists["chance"], None if chance is None else np.array([[FIRST, LAST], [chance, chance]]))
    update(artists["guess"], position=(1.008, chance or 0), text=frame["guess"])


def _move_cell(artists: Mapping, cell: Mapping, slot: str) -> None:
    races = cell["races"]
    update(artists["name"], text=f"{slot.upper()}: {cell['name']}")
    for name in ("absent", "unknown"):
        update(artists[name], visible=races is None)
    update(artists["band"], visible=races is not None)
    update(artists["count"], text="" if races is None else f"{races.solved.sum()} of {SEEDS}\nsolved")
    if races is not None:
        artists["band"].set_xy(cell["band"])
    for name in CURVES:
        _place(artists[name], cell.get(name))
    for name in ROW:
        _place(artists[name], cell[name] + [[0], [ROWS[slot]]] if name in cell else None)


def say_problem(arrays: Mapping, problem: str, **controls: object) -> str:
    """Say what has to be learned."""
    task = problem.split(",")[0]
    return f"{problem[0].upper()}{problem[1:]}: {TASKS[task]}. "


def say_cell(slot: str, arrays: Mapping, seeds: int | str, **controls: object) -> str:
    """Say how many seeds of a cell solved the problem, and after how many sequences."""
    races, who = arrays[slot]["races"], f"{slot.upper()}, {arrays[slot]['name']}"
    if races is None:
        return f"{who}: not trained on this problem. "
    solved = races.solved.sum()
    count = f"{solved or 'none'} of {SEEDS} seeds solved it within {races.allowed:,} sequences"
    median = f", after {races.to_success:,} in the median" if solved else ""
    early = np.sum(~races.solved & (races.ends < races.allowed))
    median += f"; {early} ended early on {STREAK} faultless batches, but failed the test" if early else ""
    if seeds == ALL:
        return f"{who}: {count}{median}. "
    verdict = "solved it" if races.solved[seeds] else "had not"
    return f"{who}: {count}{median}; seed {seeds} {verdict} after {races.ends[seeds]:,.0f}. "


SAY_A, SAY_B = partial(say_cell, "a"), partial(say_cell, "b")
NEEDS = {
    **dict.fromkeys(("frame", say_problem), ("problem",)),
    **{slot: ("problem", slot) for slot in LOOKS},
    **{f"{slot}_line": ("problem", slot, "seeds") for slot in LOOKS},
    **{SAY_A: ("problem", "a", "seeds"), SAY_B: ("problem", "b", "seeds")},
}
"""Artists and pieces of the words -> the controls that they need."""


def explorer() -> Explorer:
    """Return the workbench, with lists of the problem and the two cells, and which curve is the thick one."""
    names = {cell: typeset(cell) for cell in workbench.cells()}
    return Explorer(
        compute,
        draw,
        [
            Choice("problem", workbench.problems(), "latch, lag 30", style="select"),
            Choice("a", names, "RNN", label="A", style="select"),
            Choice("b", names, "LSTM, b_f = 5", label="B", style="select"),
            Choice("seeds", CHOICES, ALL, style="select"),
        ],
        title="No cell wins every problem",
        alt=ALT,
        move=move,
        words=[say_problem, SAY_A, SAY_B],
        presets={label: dict(zip(("problem", "a", "b"), at, strict=True)) for label, at in PRESETS.items()},
        needs=NEEDS,
        front=3,
        figsize=(9.0, 5.2),
    )
