"""Lesson 10's explorer: listen to the state of a trained net, one frame after the other.

An utterance, or the track of a hand, goes into the net that `python -m rnnlib.experiments` has kept, and its
readout is asked at every frame, not at the last one alone. See `rnnlib.experiments.listening`; the few
sequences to choose from are `listening.pieces`.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from rnnlib.colors import COLORS, INK
from rnnlib.experiments import listening
from rnnlib.explorers.base import Check, Choice, Explorer, Slider
from rnnlib.explorers.scene import update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "DARK_RIVAL",
    "LOOKS",
    "chance",
    "compute",
    "draw",
    "draw_input",
    "explorer",
    "longest",
    "named",
    "options",
    "padded",
    "presets",
]

RIGHT, RIVAL, OTHER = COLORS["y"], COLORS["W_s"], "#B8B8B8"
DARK_RIGHT, DARK_RIVAL = "#00694C", "#A84A00"  # for text
REACH = {"STM": 1.0, "LTM": 4.0}
"""What the ends of the color scale stand for."""

PALE, HIDDEN = (1, 1, 1, 0.8), (1, 1, 1, 1)
"""Colors of what lies over the frames to come."""

PANELS = ("x", "state", "p")


class Look(NamedTuple):
    """How the sequences of one net are shown and spoken of."""

    thing: str
    asks: str
    axis: str
    input: str


LOOKS = {
    "speech": Look("utterance", "who speaks?", "speaker", "inputs: 12 numbers a frame (dark −3, bright +3)"),
    "gesture": Look("movement", "draw or point?", "", "input: where the hand is (in standard deviations)"),
}
"""Net -> the words for it."""


@cache
def longest(task: str) -> int:
    """Return the length of the longest sequence to choose from."""
    return max(len(listening.hear(task, piece).x) for piece in listening.pieces(task))


def named(task: str, c: int, short: bool = False) -> str:
    """Return the name of a class; short: the number of a speaker alone."""
    name = listening.load(task).classes[c]
    return name.removeprefix("speaker ") if short else name


def padded(task: str, rows: np.ndarray) -> np.ndarray:
    """Return (n, k) as (k, longest): time to the right, not a number where the sequence has ended."""
    table = np.full((rows.shape[1], longest(task)), np.nan)
    table[:, : len(rows)] = rows.T
    return table


@cache
def _heard(task: str, piece: int) -> dict:
    """Return what does not depend on the cursor."""
    heard = listening.hear(task, piece)
    wrong = np.where(np.arange(heard.p.shape[1]) == heard.label, 0, heard.p)
    return {
        "n": len(heard.x),
        "x": padded(task, heard.x),
        "STM": padded(task, heard.STM),
        "LTM": padded(task, heard.LTM),
        "p": padded(task, heard.p),
        "right": heard.label,
        "rivals": np.maximum.accumulate(wrong).argmax(axis=1).tolist(),
        "settled": listening.settled(heard.p),
    }


def compute(t: int, piece: int, ahead: bool = True, memory: str = "STM", task: str = "speech") -> dict:
    """Let the net hear a sequence up to step t.

    Parameters
    ----------
    t : int
        From 1; after the end it waits at the last step.
    piece : int
        One of `listening.pieces`.
    ahead : bool
        Show state and probabilities after step t too, pale.
    memory : "STM" or "LTM"
    task : "speech" or "gesture"

    Returns
    -------
    dict
        ``x`` (n_x, T), ``state`` (n_s, T), in units of the color scale, and ``p`` (n_y, T), not a number
        after the end; ``now`` (n_y,): the probabilities at step t; ``right``, ``rival``: the right class, and
        the other one that came nearest to being named, up to step t if what comes is hidden; ``settled``: see
        `listening.settled`; ``t``, ``n``, ``ahead``, ``memory``, ``task``.
    """
    heard = _heard(task, piece)
    t = min(t, heard["n"])
    return {
        **{name: heard[name] for name in ("n", "x", "p", "right", "settled")},
        "t": t,
        "rival": heard["rivals"][-1 if ahead else t - 1],
        "now": heard["p"][:, t - 1],
        "ahead": ahead,
        "memory": memory,
        "state": heard[memory] / REACH[memory],
        "task": task,
    }


def draw(fig: Figure, arrays: Mapping) -> dict:
    """Draw inputs, state and probabilities over time, and bars for the moment."""
    rows = [[name, "bars"] for name in PANELS]
    axes = fig.subplot_mosaic(rows, width_ratios=[2.6, 1], height_ratios=[3, 4, 3])
    T = arrays["x"].shape[1]
    artists = {"x": draw_input(axes["x"], arrays["x"], arrays["task"])}
    artists |= _draw_state(axes["state"], arrays) | _draw_lines(axes["p"], arrays)
    artists |= _draw_bars(axes["bars"], arrays)
    for name in PANELS:
        axes[name].set_xlim(0.5, T + 0.5)
        axes[name].tick_params(labelbottom=name == "p")
        artists |= _draw_cursor(axes[name], name)
    axes["p"].set_xlabel("frame $t$")
    return artists


def _draw_cursor(ax: Axes, name: str) -> dict:
    place = {"transform": ax.get_xaxis_transform()}
    cover = Rectangle((0, -0.01), 1, 1.03, facecolor=PALE, edgecolor="none", zorder=4, clip_on=False, **place)
    ax.add_patch(cover)  # a pixel larger than the axes: a clipped one would let the edge shine through
    (edge,) = ax.plot([1, 1, 2], [1, 0, 0], color=INK, linewidth=1.0, zorder=5, **place)
    return {f"cover_{name}": cover, f"edge_{name}": edge}


def draw_input(ax: Axes, x: np.ndarray, task: str) -> object:
    """Draw the inputs over time: as a heat map, or where there is only one, as a curve."""
    n_x, T = x.shape
    ax.set_title(LOOKS[task].input, fontsize=10, loc="left", pad=4)
    if n_x == 1:
        ax.set(ylim=(-2.6, 2.6), yticks=[-2, 0, 2], ylabel="$x_t$")
        return ax.plot(np.arange(1, T + 1), x[0], "o-", color=COLORS["x"], markersize=3, linewidth=1.4)[0]
    ax.set(yticks=[1, n_x], ylabel="$x_t$")
    return _heat_map(ax, x, 3.0)


def _heat_map(ax: Axes, rows: np.ndarray, reach: float) -> object:
    count, T = rows.shape
    extent = (0.5, T + 0.5, 0.5, count + 0.5)
    options = {"vmin": -reach, "vmax": reach, "cmap": "cividis", "interpolation": "none"}
    return ax.imshow(rows, aspect="auto", extent=extent, origin="lower", **options)


def _draw_state(ax: Axes, arrays: Mapping) -> dict:
    n_s = len(arrays["state"])
    ax.set(yticks=[1, n_s], ylabel="unit")
    title = ax.text(0, 1.03, "", transform=ax.transAxes, va="bottom")
    return {"state": _heat_map(ax, arrays["state"], 1.0), "state_title": title}


def _draw_lines(ax: Axes, arrays: Mapping) -> dict:
    n_y, T = arrays["p"].shape
    ax.set(ylim=(-0.03, 1.03), yticks=[0, 0.5, 1], ylabel="probability")
    ax.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
    t = np.arange(1, T + 1)
    lines = [ax.plot(t, arrays["p"][k], color=OTHER, linewidth=1)[0] for k in range(n_y)]
    (rival,) = ax.plot(t, arrays["p"][0], "--", color=RIVAL, linewidth=1.8)
    (right,) = ax.plot(t, arrays["p"][0], "o-", color=RIGHT, linewidth=2.2, markersize=3.5)
    dot = {"clip_on": False, "zorder": 6}  # over the cursor, whose cover would leave half of it
    (here,) = ax.plot([1], [0], "o", color=RIGHT, markersize=5, **dot)
    (there,) = ax.plot([1], [0], "o", color=RIVAL, markersize=4, **dot)
    names = {
        "right_name": ax.text(0, 1.04, "", transform=ax.transAxes, va="bottom", color=DARK_RIGHT),
        "rival_name": ax.text(0.36, 1.04, "", transform=ax.transAxes, va="bottom", color=DARK_RIVAL),
    }
    if n_y > 2:
        ax.text(1, 1.04, "— others", transform=ax.transAxes, va="bottom", ha="right", color="#6B6B6B")
    return {"lines": lines, "rival": rival, "right": right, "here": here, "there": there} | names


def _draw_bars(ax: Axes, arrays: Mapping) -> dict:
    task, n_y = arrays["task"], len(arrays["p"])
    names = [named(task, k, short=True) for k in range(n_y)]
    ax.set(xlim=(-0.65, n_y - 0.35), ylim=(0, 1.07), xlabel=LOOKS[task].axis)
    ax.set_xticks(range(n_y), names)
    ax.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
    ax.xaxis.labelpad = 16
    bars = ax.bar(range(n_y), arrays["now"], color=OTHER, width=0.75)
    beneath = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "top"}
    mark = ax.text(0, -0.06, "right", color=DARK_RIGHT, **beneath)
    top = ax.text(0, 0, "", ha="center", va="bottom", fontsize=9)
    moment = ax.text(0, 1.015, "", transform=ax.transAxes, va="bottom")
    return {"bars": bars, "mark": mark, "top": top, "moment": moment}


def move(artists: Mapping, arrays: Mapping) -> None:
    """Set everything to one sequence, and to the moment."""
    x, task, right, rival = (arrays[name] for name in ("x", "task", "right", "rival"))
    artists["x"].set_ydata(x[0]) if len(x) == 1 else artists["x"].set_data(x)
    artists["state"].set_data(arrays["state"])
    artists["state_title"].set_text(_about_state(arrays["memory"], len(arrays["state"])))
    for line, p in zip(artists["lines"], arrays["p"], strict=True):
        line.set_ydata(p)
    artists["right"].set_ydata(arrays["p"][right])
    update(artists["rival"], ydata=arrays["p"][rival])
    artists["right_name"].set_text(f"● {named(task, right)} (right)")
    artists["rival_name"].set_text(f"- - {named(task, rival)} (rival)")
    _move_moment(artists, arrays)


def _move_moment(artists: Mapping, arrays: Mapping) -> None:
    (n_y, T), t, now, right = arrays["p"].shape, arrays["t"], arrays["now"], arrays["right"]
    for name in PANELS:
        curve = name == "p" or (name == "x" and len(arrays["x"]) == 1)
        start, end = t if curve else t + 0.5, T + 0.5  # half of a cell, but nothing of a curve, lies after t
        artists[f"cover_{name}"].set_x(start)
        artists[f"cover_{name}"].set_width((end - start) * (1 + 0.1 / T))
        artists[f"cover_{name}"].set_facecolor(PALE if arrays["ahead"] or name == "x" else HIDDEN)
        artists[f"edge_{name}"].set_xdata([start, start, end])  # over the cover's foot too
    update(artists["here"], data=([t], [now[right]]))
    update(artists["there"], data=([t], [now[arrays["rival"]]]))
    for k, (bar, height) in enumerate(zip(artists["bars"], now, strict=True)):
        color = RIGHT if k == right else RIVAL if k == arrays["rival"] else OTHER
        update(bar, height=height, facecolor=to_rgba(color))
    best = int(now.argmax())
    artists["mark"].set_x(right)
    artists["top"].set_text(text := chance(now[best]))
    half = 0.019 * n_y * (len(text) + 1)  # of its width: it stays between the axis and the picture's edge
    artists["top"].set_position((np.clip(best, half - 0.65, n_y - 0.35 - half), now[best] + 0.01))
    artists["moment"].set_text(f"at frame {t} of {arrays['n']}")


def _about_state(memory: str, n_s: int) -> str:
    return f"state {memory}: {n_s} units (dark −{REACH[memory]:g}, bright +{REACH[memory]:g})"


def chance(p: float) -> str:
    """Say a probability.

    >>> chance(0.6249), chance(0.9987), chance(0.9995), chance(0.99995), chance(0.004), chance(0.00004)
    ('62%', '99.87%', '99.95%', 'over 99.99%', '0.40%', 'under 0.01%')
    """
    if p < 0.0001 or p > 0.9999:
        return "under 0.01%" if p < 0.5 else "over 99.99%"
    return f"{100 * p:.0f}%" if 0.00995 < p < 0.99005 else f"{100 * p:.2f}%"


def say_moment(arrays: Mapping, **controls: object) -> str:
    """Say what it would answer now, and what is right."""
    t, n, task, now, right = (arrays[name] for name in ("t", "n", "task", "now", "right"))
    best = int(now.argmax())
    when = f"all {n}" if t == n else f"{t} of {n}"
    truth = ", which is right" if best == right else f"; right is {named(task, right)}"
    return f"After {when} frames: {named(task, best)}, {chance(now[best])}{truth}. "


def say_settled(arrays: Mapping, **controls: object) -> str:
    """Say when it made up its mind; not before it is seen."""
    n, since = arrays["n"], arrays["settled"]
    if arrays["t"] < n and not arrays["ahead"]:
        return "What will it say at the end, and from when on?"
    answer = named(arrays["task"], int(arrays["p"][:, n - 1].argmax()))
    if since == 1:
        return f"It names {answer} from the first frame on."
    return f"It settles on {answer} at frame {since}, and stays there."


def options(task: str) -> dict:
    """Return the sequences to choose from, place in the test set -> what is shown."""
    labels = listening.load(task).labels
    return {b: f"no. {b}, {named(task, labels[b])}" for b in sorted(listening.pieces(task))}


def presets(task: str, questions: Mapping) -> dict:
    """Return label -> controls, for questions label -> (why a piece was chosen, controls)."""
    places = {why: piece for piece, why in listening.pieces(task).items()}
    return {label: {"piece": places[why], **at} for label, (why, at) in questions.items() if why in places}


FREE = {"ahead": True, "memory": "STM"}
ASKS = {"ahead": False, "memory": "STM"}
QUESTIONS = {
    "Are 3 frames enough?": ("earliest to decide", {**FREE, "t": 3}),
    "When does it change its mind?": ("latest to decide", {**ASKS, "t": 3}),
    "Sure and wrong: since when?": ("surest of the wrong", {**ASKS, "t": 3}),
    "What does it hold in doubt?": ("least sure of the wrong", {**FREE, "t": 6, "memory": "LTM"}),
}
STILL = ("x", "lines", "right", "right_name", "mark")
NEEDS = {
    **dict.fromkeys(STILL, ("piece",)),
    "state": ("piece", "memory"),
    "state_title": ("memory",),
    **dict.fromkeys(("here", "top", "moment", say_moment), ("t", "piece")),
    **{f"edge_{name}": ("t", "piece") for name in PANELS},
    **{f"cover_{name}": ("t", "piece", "ahead") for name in PANELS},
    **dict.fromkeys(("rival", "rival_name", "there", "bars", say_settled), ("t", "piece", "ahead")),
}
"""Artists and pieces of the words -> the controls that they need."""

ALT = (
    "Three panels over time share a cursor, and what comes after it is pale: the inputs, the state of the "
    "net as a heat map of its units, and the probability of each class, the right one thick. Beside them, "
    "bars: the probabilities at the cursor."
)


def explorer(task: str = "speech") -> Explorer:
    """Return the explorer with the slider ``t``, the lists ``piece`` and ``memory``, the check box ``ahead``.

    Parameters
    ----------
    task : "speech" or "gesture"
        Nine speakers, or a hand that draws or points.

    Raises
    ------
    ValueError
        For another task.
    """
    pieces = options(task)
    start = presets(task, QUESTIONS)["When does it change its mind?"]["piece"]
    controls = [
        Slider("t", range(1, longest(task) + 1), longest(task) // 3, label="heard up to frame"),
        Choice("piece", pieces, start, label=LOOKS[task].thing, style="select"),
        Check("ahead", True, label="show what comes, pale"),
        Choice("memory", {"STM": "STM, what the readout sees", "LTM": "LTM"}, "STM", label="state"),
    ]
    texts = {"title": f"Frame by frame an answer forms: {LOOKS[task].asks}", "alt": ALT}
    more = {"words": [say_moment, say_settled], "needs": NEEDS, "presets": presets(task, QUESTIONS)}
    return Explorer(
        partial(compute, task=task), draw, controls, move=move, front=2, figsize=(9.0, 5.2), **texts, **more
    )
