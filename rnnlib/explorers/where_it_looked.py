"""Lesson 10's second explorer: which steps did the answer hang on? A gradient, and a removal to check it.

The gradient ∂ log p_c / ∂x_t of class c follows an infinitely small change of step t. Beneath stands what the
probability p_c becomes when the step is really gone. See `rnnlib.experiments.listening`.

Probabilities are drawn by their log-odds, log p / (1 − p). By the same measure the two are compared: the
gradient of the log-odds is that of log p divided by 1 − p, so its shape over the steps is the same.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from rnnlib.colors import COLORS, INK
from rnnlib.experiments import listening
from rnnlib.explorers.base import Choice, Explorer, Slider
from rnnlib.explorers.gradient_lab import size
from rnnlib.explorers.listen import (
    DARK_RIVAL,
    LOOKS,
    chance,
    draw_input,
    longest,
    named,
    options,
    padded,
    presets,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["WIDTHS", "agreement", "compute", "draw", "explorer"]

WIDTHS = (1, 3, 5)
OF = {"named": "the class it names", "right": "the right class", "next": "the next one"}
WAYS = {"cut": "cut out", "hold": "replaced by the one before", "zero": "set to 0"}
GRADIENT, REMOVAL = COLORS["W_x"], COLORS["W_s"]
NEAR = 1e-4
"""So near to 0 and to 1 the axis of probabilities goes; what lies beyond is drawn at its end."""

PANELS = ("x", "gradient", "without")


_hear, _without = cache(listening.hear), cache(listening.without)


@cache
def _looked(task: str, piece: int, of: str) -> dict:
    """Return what depends on the class alone: which it is, its probability, and the gradient."""
    heard = _hear(task, piece)
    best, second = np.argsort(-heard.p[-1], kind="stable")[:2].tolist()
    c = {"named": best, "next": second, "right": heard.label}[of]
    gradient = np.linalg.norm(listening.gradient(task, piece, c), axis=1)
    x = padded(task, heard.x)
    return {"c": c, "p": heard.p[-1, c], "gradient": gradient, "x": x, "n": len(gradient), "task": task}


@cache
def _compared(task: str, piece: int, of: str, width: int, way: str) -> dict:
    """Return what does not depend on the cursor."""
    looked = _looked(task, piece, of)
    gradient, without = looked["gradient"], _without(task, piece, width, way)[:, looked["c"]]
    change = np.abs(_log_odds(without) - _log_odds(looked["p"]))
    return looked | {
        "width": width,
        "without": without,
        "steepest": int(gradient.argmax()) + 1,
        "gravest": int(change.argmax()) + 1,
        "agreement": agreement(gradient, change),
    }


def _log_odds(p: np.ndarray) -> np.ndarray:
    return np.log(p) - np.log1p(-p)


def agreement(a: np.ndarray, b: np.ndarray) -> float:
    """Return how alike the orders of two rows of numbers are: 1 the same, 0 nothing in common, −1 opposite.

    Spearman's rank correlation; equal numbers keep their order.

    >>> a = np.array([1.0, 2.0, 3.0, 4.0])
    >>> round(agreement(a, a**3), 3), round(agreement(a, -a), 3)
    (1.0, -1.0)
    """
    ranks = (np.argsort(np.argsort(row, kind="stable"), kind="stable") for row in (a, b))
    return float(np.corrcoef(*ranks)[0, 1])


def compute(
    t: int, piece: int, of: str = "named", width: int = 1, way: str = "cut", task: str = "speech"
) -> dict:
    """Compare gradient and removal for one sequence and one class.

    Parameters
    ----------
    t : int
        The cursor, from 1; after the end it waits at the last step.
    piece : int
        One of `listening.pieces`.
    of : "named", "right" or "next"
        The class whose probability counts; the next one is second in the answer.
    width : int
        Steps removed together, t in their middle.
    way : "cut", "hold" or "zero"
        See `listening.WAYS`.
    task : "speech" or "gesture"

    Returns
    -------
    dict
        ``x`` (n_x, T), not a number after the end; ``gradient``, ``without`` (n,): norms by step, and the
        probabilities without it; ``c``, ``p``: the class and its probability; ``steepest``, ``gravest``: the
        steps with the largest gradient and the largest effect; ``agreement`` of the two; ``t``, ``n``,
        ``first``, ``last``: the cursor, the length, and the steps removed at the cursor; ``width``, ``task``.
    """
    compared = _compared(task, piece, of, width, way)
    n = compared["n"]
    t = min(t, n)
    return compared | {"t": t, "first": max(1, t - width // 2), "last": min(n, t + width // 2)}


def draw(fig: Figure, arrays: Mapping) -> dict:
    """Draw the inputs, the gradient at each step, and the probability without it."""
    rows = [[name] for name in PANELS]
    axes = fig.subplot_mosaic(rows, height_ratios=[5, 5, 9])
    artists = {"x": draw_input(axes["x"], arrays["x"], arrays["task"])}
    artists |= _draw_gradient(axes["gradient"]) | _draw_without(axes["without"])
    T = arrays["x"].shape[1]
    for name in PANELS:
        axes[name].set_xlim(0.5, T + 0.5)
        axes[name].tick_params(labelbottom=name == "without")
        span = {"facecolor": (0, 0, 0, 0.1), "edgecolor": INK, "linewidth": 0.8}
        artists[f"cursor_{name}"] = axes[name].axvspan(1, 2, **span)
    axes["without"].set_xlabel("frame $t$")
    return artists


def _draw_gradient(ax: Axes) -> dict:
    ax.set(ylim=(0, 1.15), yticks=[0, 1], ylabel="of the largest")
    (sticks,) = ax.plot([1, 1], [0, 1], color=GRADIENT, linewidth=5, solid_capstyle="butt")
    (peak,) = ax.plot([1], [1.08], "v", color=GRADIENT, markersize=7)
    title = r"gradient $\|\partial\,\log p\,/\,\partial x_t\|$"
    ax.text(0, 1.03, title, transform=ax.transAxes, va="bottom", color=GRADIENT)
    largest = ax.text(1, 1.03, "", transform=ax.transAxes, va="bottom", ha="right", color=GRADIENT)
    return {"sticks": sticks, "peak": peak, "largest": largest}


def _draw_without(ax: Axes) -> dict:
    ax.set(yscale="logit", ylim=(NEAR / 2, 1 - NEAR / 2), ylabel="probability")
    ticks = [NEAR, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1 - NEAR]
    beyond = {NEAR: "≤ ", 1 - NEAR: "≥ "}
    ax.set_yticks(ticks, [f"{beyond.get(tick, '')}{100 * tick:g}%" for tick in ticks])
    ax.minorticks_off()
    (whole,) = ax.plot([1, 2], [0.5, 0.5], "--", color=COLORS["grey"], linewidth=1.4)
    (without,) = ax.plot([1, 2], [0.5, 0.5], "o-", color=REMOVAL, markersize=4.5, linewidth=1.2)
    ring = {"markersize": 11, "fillstyle": "none", "markeredgewidth": 1.6, "clip_on": False}
    (gravest,) = ax.plot([1], [0.5], "o", color=INK, **ring)
    title = ax.text(0, 1.03, "", transform=ax.transAxes, va="bottom", color=DARK_RIVAL)
    return {"whole": whole, "without": without, "gravest": gravest, "without_title": title}


def move(artists: Mapping, arrays: Mapping) -> None:
    """Set everything to one sequence, one class and one way to remove."""
    x, n, gradient, name = arrays["x"], arrays["n"], arrays["gradient"], named(arrays["task"], arrays["c"])
    artists["x"].set_ydata(x[0]) if len(x) == 1 else artists["x"].set_data(x)
    artists["sticks"].set_data(*_sticks(gradient / gradient.max()))
    artists["peak"].set_xdata([arrays["steepest"]])
    artists["largest"].set_text(f"p of {name}; ▼ largest, {size(np.log10(gradient.max()))}")
    p = np.clip(arrays["without"], NEAR, 1 - NEAR)
    artists["without"].set_data(np.arange(1, n + 1), p)
    artists["whole"].set_data([0.5, n + 0.5], np.clip([arrays["p"]] * 2, NEAR, 1 - NEAR))
    artists["gravest"].set_data([arrays["gravest"]], [p[arrays["gravest"] - 1]])
    neighbors = beside(arrays["width"])
    artists["without_title"].set_text(f"probability of {name} without frame t{neighbors}; dashed: with all")
    for panel in PANELS:
        artists[f"cursor_{panel}"].set_x(arrays["first"] - 0.5)
        artists[f"cursor_{panel}"].set_width(arrays["last"] - arrays["first"] + 1)


def _sticks(heights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of one line that goes up and down at each step, with gaps between."""
    t, gap = np.arange(1, len(heights) + 1), np.full(len(heights), np.nan)
    return np.stack([t, t, gap], axis=1).ravel(), np.stack([0 * heights, heights, gap], axis=1).ravel()


def beside(width: int) -> str:
    """Say how many neighbors are removed too."""
    return f" and {width // 2} on either side" if width > 1 else ""


def say_removed(arrays: Mapping, **controls: object) -> str:
    """Say which frames are removed."""
    first, last = arrays["first"], arrays["last"]
    return f"Without frame {first}" if first == last else f"Without frames {first} to {last}"


def say_probability(arrays: Mapping, **controls: object) -> str:
    """Say what becomes of the probability."""
    return f" it would be {chance(arrays['without'][arrays['t'] - 1])}. "


def say_class(arrays: Mapping, **controls: object) -> str:
    """Say whose probability it is, and how large."""
    return f"The answer gives {named(arrays['task'], arrays['c'])} {chance(arrays['p'])}. "


def say_agreement(arrays: Mapping, **controls: object) -> str:
    """Say where each of the two sees the most, and how much they agree."""
    steep, grave = arrays["steepest"], arrays["gravest"]
    where = f"The gradient is largest at frame {steep}; removal changes most "
    where += "there too" if steep == grave else f"at frame {grave}"
    agree = f"{arrays['agreement']:.2f} (1: the same, −1: opposite)"
    return f"{where}. Over all frames their orders agree by {agree}.".replace("-", "−")


PLAIN = {"t": 8, "of": "named", "width": 1, "way": "cut"}
QUESTIONS = {
    "What turned it wrong?": ("surest of the wrong", PLAIN),
    "And three frames together?": ("surest of the wrong", {**PLAIN, "width": 3}),
    "What spoke for the right one?": ("least sure of the wrong", {**PLAIN, "of": "right"}),
    "Does its last frame decide?": ("latest to decide", PLAIN),
    "Is a sure answer sure?": ("earliest to decide", {**PLAIN, "width": 5, "way": "zero"}),
}
CURSOR = ("t", "piece", "width")
REMOVED = ("piece", "of", "width", "way")
NEEDS = {
    "x": ("piece",),
    **dict.fromkeys(("sticks", "peak", "largest", "whole", say_class), ("piece", "of")),
    **dict.fromkeys(("without", "gravest", say_agreement), REMOVED),
    "without_title": ("piece", "of", "width"),
    **dict.fromkeys((*(f"cursor_{name}" for name in PANELS), say_removed), CURSOR),
}
"""Artists and pieces of the words -> the controls that they need, where not all of them."""

ALT = (
    "Three panels over time share a cursor: the inputs; at each frame the length of the gradient of the "
    "log-probability of a class, as a part of the largest; and what the probability becomes without that "
    "frame, beside a dashed line for what it is."
)


def explorer(task: str = "speech") -> Explorer:
    """Return the explorer: slider ``t``, list ``piece``, choices ``of`` and ``way``, slider ``width``.

    Parameters
    ----------
    task : "speech" or "gesture"

    Raises
    ------
    ValueError
        For another task.
    """
    pieces, questions = options(task), presets(task, QUESTIONS)
    start = questions["Does its last frame decide?"]
    controls = [
        Slider("t", range(1, longest(task) + 1), start["t"], label="without frame"),
        Choice("piece", pieces, start["piece"], label=LOOKS[task].thing, style="select"),
        Choice("of", OF, start["of"], label="probability of", style="select"),
        Slider("width", WIDTHS, start["width"], label="frames removed together"),
        Choice("way", WAYS, start["way"], label="removed means", style="select"),
    ]
    texts = {"title": "Which frame mattered? Ask the gradient, then remove the frame", "alt": ALT}
    words = [say_class, say_removed, say_probability, say_agreement]
    more = {"words": words, "needs": NEEDS, "presets": questions, "front": 2, **texts}
    return Explorer(partial(compute, task=task), draw, controls, move=move, figsize=(9.0, 5.6), **more)
