"""Lesson 6's explorer: one step at the wall of the error surface, clipped and not.

The surface is that of a net of one unit, with its true gradient: see `rnnlib.experiments.cliff`. Two descents
of 20 steps start at the same point; where the first step is clipped, they part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import ListedColormap, LogNorm, to_rgb
from matplotlib.patches import Rectangle

from rnnlib.activations import sigmoid
from rnnlib.colors import COLORS, INK
from rnnlib.experiments import cliff as net
from rnnlib.explorers.base import Choice, Explorer, Slider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["compute", "compute_table", "draw", "explorer", "words"]

STARTS = {"wall": (4.5, -2.303), "steep": (5.0, -2.6124), "floor": (4.5, -1.9), "far": (3.5, -2.5)}
NAMES = {"wall": "wall at w = 4.5", "steep": "wall at w = 5"}
NAMES |= {"floor": "floor behind the wall", "far": "far from the wall"}
"""Where a descent starts: name -> (w, b), and as the reader sees it."""

RATES = (*(float(f"{d}e{power}") for power in (-4, -3, -2, -1) for d in (1, 1.5, 2, 3, 5, 7)), 1.0)
THRESHOLDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
PRESETS = {
    "Thrown off the wall": (0.5, "wall", 0.5),
    "Walks into the wall": (0.5, "floor", 0.5),
    "Steeper, thrown farther": (0.5, "steep", 0.5),
    "Small steps, both stay": (0.0001, "wall", 1.0),
    "Far from the wall, no difference": (0.2, "far", 2.0),
    "Threshold too high": (0.5, "wall", 5.0),
}
"""Label -> lr, start, threshold."""

LENGTHS = np.logspace(-6, 4, 121)
"""Lengths of a step at which the line along it is measured."""

LOWEST, HIGHEST, TOP = 1e-6, 1e4, 0.5  # of the norm, and of E
MAP, CLOSE = (net.W_RANGE, net.B_RANGE), ((4.1, 5.2), (-2.75, -1.75))
WINDOWS = {"map": (MAP, (55, 129)), "close": (CLOSE, (199, 386))}
"""Panel -> its range of w and of b, and its pixels for one of each, by which the heads of arrows are made."""

OUTSIDE = (0.0, 10.0), (-6.0, 1.0)
"""The range of w and b that is stored; a path that goes on beyond stops there, far outside the panels."""

HEAD, MARGIN = 13, 5  # pixels: the length of an arrow's head, and what stays free at the border
PATHS = {"free": INK, "clipped": COLORS["W_s"]}
REGIONS = (
    (-3.4, 3.9, "plateau, $E$ > 0.4"),
    (-1.7, 6.2, "floor, $E$ < 0.09"),
    (-1.8, 3.12, "valley, $E$ = 0"),
)
"""Where on the map, (b, w), stands which text."""

WORDS = ("w", "b", "E", "norm", "step", "parts", "lengths")
"""What the words need."""


def compute(lr: float, start: str, threshold: float) -> dict:
    """Descend from one start, clipped and not.

    Parameters
    ----------
    lr : float
        Learning rate.
    start : str
        A key of `STARTS`.
    threshold : float
        Of clipping by norm.

    Returns
    -------
    dict
        ``w``, ``b``, ``E``, ``norm`` (2, 21): row 0 unclipped, row 1 clipped; ``step``: the first that is
        clipped, counted from 0, and ``parts``: whether there is one (if not, it is step 0); ``lengths`` (2,):
        of that step; and what the artists of those names show, such as ``along`` (2, 121): lengths and E.
    """
    table = _table(np.array([lr]), np.array([start]), np.array([threshold]))
    return {name: column[0] for name, column in table.items()}


def compute_table(names: list[str], **columns: np.ndarray) -> dict:
    """Do it for many settings at once: what `compute` gives for the names, and for the words."""
    table = _table(**columns)
    return {name: table[name] for name in [*names, *WORDS]}


def _table(lr: np.ndarray, start: np.ndarray, threshold: np.ndarray) -> dict:
    w, b = np.array([STARTS[name] for name in start]).T
    free, clipped = net.descend(w, b, lr), net.descend(w, b, lr, threshold)
    pairs = zip(net.Descent._fields, free, clipped, strict=True)
    found = {name: np.stack([one.T, other.T], axis=1) for name, one, other in pairs}
    long = clipped.norm[:-1] > threshold
    step, each = long.argmax(axis=0), np.arange(len(w))  # the first step where there is none
    norm = clipped.norm[step, each]
    found |= {"parts": long.any(axis=0), "step": step}
    found["lengths"] = lr[:, None] * np.stack([norm, np.minimum(norm, threshold)], axis=1)
    return found | _curves(found, threshold) | _on_maps(found)


def _curves(found: Mapping, threshold: np.ndarray) -> dict:
    """Return what the lower panels show."""
    each, step = np.arange(len(threshold)), found["step"]
    w, b = found["w"][each, 1, step], found["b"][each, 1, step]
    _, dE_dw, dE_db = net.error_and_gradient(w, b)
    ways = (np.outer(part / np.hypot(dE_dw, dE_db), LENGTHS) for part in (dE_dw, dE_db))
    along = net.error(*(at[:, None] - way for at, way in zip((w, b), ways, strict=True)))
    steps, both = np.arange(net.STEPS + 1), np.stack([threshold, threshold], axis=1)
    curves = {"along": _line(LENGTHS, along), "threshold": _line(steps[[0, -1]], both)}
    for row, name in enumerate(PATHS):
        landing = found["E"][each, row, step + 1]
        curves[f"along_{name}"] = _line(found["lengths"][:, row, None], landing[:, None])
        curves[f"error_{name}"] = _line(steps, found["E"][:, row])
        curves[f"norm_{name}"] = _line(steps, np.maximum(found["norm"][:, row], LOWEST))
    return curves


def _on_maps(found: Mapping) -> dict:
    """Return what the map and the close-up show: both paths, the lit step of each, and what is not there."""
    each, step, shown = np.arange(len(found["step"])), found["step"], {}
    paths = {name: _line(found["b"][:, row], found["w"][:, row]) for row, name in enumerate(PATHS)}
    for panel, (window, scale) in WINDOWS.items():
        for name, path in paths.items():
            shown[f"{panel}_{name}"] = _stopped(path)
            shown[f"{panel}_{name}_step"] = _arrow(
                path[each, :, step], path[each, :, step + 1], window, scale
            )
        shown[f"{panel}_start"] = paths["free"][:, :, :1]
    out = [~_inside(path, *WINDOWS["map"][0]).all(axis=1) for path in paths.values()]
    seen = np.any([_inside(path, *CLOSE).any(axis=1) for path in paths.values()], axis=0)
    leaves = np.array(["", "unclipped", "clipped", "unclipped and clipped"])[out[0] + 2 * out[1]]
    shown["leaves"] = np.where(leaves == "", "", np.char.add("leaves the map: ", leaves))
    return shown | {"elsewhere": np.where(seen, "", "both paths are elsewhere")}


def _line(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.stack(np.broadcast_arrays(x, y), axis=1)


def _inside(places: np.ndarray, w_range: tuple, b_range: tuple) -> np.ndarray:
    """Say which places (settings, 2, ...), b first, lie in the window."""
    low, high = (
        np.reshape(ends, (2,) + (1,) * (places.ndim - 2)) for ends in zip(b_range, w_range, strict=True)
    )
    return ((places >= low) & (places <= high)).all(axis=1)


def _share_inside(here: np.ndarray, there: np.ndarray, w_range: tuple, b_range: tuple) -> np.ndarray:
    """Return how much of the way from here to there, (settings, 2), lies in the window, as a part of one."""
    low, high = np.transpose([b_range, w_range])
    way = there - here
    room = np.where(way > 0, high - here, low - here)
    return np.divide(room, way, out=np.ones_like(way), where=np.abs(way) > np.abs(room)).min(axis=1)


def _stopped(path: np.ndarray) -> np.ndarray:
    """Let a path that leaves the stored range stop at its border, on its way."""
    places, gone = path.copy(), np.zeros(len(path), bool)
    for i in range(1, net.STEPS + 1):
        leaves = ~gone & ~_inside(path[:, :, i], *OUTSIDE)
        here, there = path[:, :, i - 1], path[:, :, i]
        stop = here + _share_inside(here, there, *OUTSIDE)[:, None] * (there - here)
        places[gone, :, i] = places[gone, :, i - 1]
        places[leaves, :, i] = stop[leaves]
        gone |= leaves
    return places


def _arrow(here: np.ndarray, there: np.ndarray, window: tuple, scale: tuple) -> np.ndarray:
    """Return arrows from here to there, or to where they leave the window: tail, tip, barb, tip, barb."""
    inner = [(low + MARGIN / px, high - MARGIN / px) for (low, high), px in zip(window, scale, strict=True)]
    shaft = np.maximum(_share_inside(here, there, *inner), 0)[:, None] * (there - here)
    pixels = shaft * scale[::-1]
    back = -pixels * np.minimum(HEAD / np.maximum(np.hypot(*pixels.T), 1e-300), 0.4)[:, None]
    aside = 0.5 * back[:, ::-1] * (1, -1)
    tip, (barb, other) = here + shaft, ((back + side) / scale[::-1] for side in (aside, -aside))
    arrow = np.stack([here, tip, tip + barb, tip, tip + other], axis=2)
    corner = np.reshape([OUTSIDE[1][1], OUTSIDE[0][1]], (1, 2, 1))  # out of sight
    return np.where(_inside(here, *window)[:, None, None], arrow, corner)


def draw(fig: Figure, arrays: Mapping) -> dict:
    """Draw the map and a close-up of the wall; below, the line of one step, and error and norm by step."""
    rows = [["map"] * 3 + ["close"] * 3, ["along"] * 2 + ["error"] * 2 + ["norm"] * 2]
    panels = fig.subplot_mosaic(rows, height_ratios=[1.75, 1])
    _name_regions(panels["map"], panels["close"])
    place = {"x": 0.985, "y": 0.97, "ha": "right", "va": "top"}
    texts = {"leaves": "map", "elsewhere": "close"}
    return {
        **_draw_map(panels["map"], arrays, "map"),
        **_draw_map(panels["close"], arrays, "close"),
        **{
            name: panels[on].text(s="", transform=panels[on].transAxes, **place) for name, on in texts.items()
        },
        **_draw_along(panels["along"], arrays),
        **_draw_by_step(panels["error"], arrays, "error"),
        **_draw_norm(panels["norm"], arrays),
    }


def _pale_cividis() -> ListedColormap:
    """Return the course's color map mixed with white: lines on it stay legible."""
    colors = colormaps["cividis"](np.linspace(0, 1, 256))[:, :3]
    return ListedColormap((colors + to_rgb("white")) / 2)


def _draw_map(ax: Axes, arrays: Mapping, panel: str) -> dict:
    (w_range, b_range), _ = WINDOWS[panel]
    ax.imshow(
        net.surface(w_range, b_range), origin="lower", extent=(*b_range, *w_range), aspect="auto",
        interpolation="none", cmap=_pale_cividis(), norm=LogNorm(1e-3, 0.45),
    )  # fmt: skip
    ax.set(xlabel="$b$", ylabel="$w$", xlim=b_range, ylim=w_range)
    look = {
        "free": {"linestyle": "--", "marker": "s", "markersize": 5, "fillstyle": "none", "linewidth": 1},
        "clipped": {"marker": "o", "markersize": 3.5, "linewidth": 1},
        "free_step": {"linewidth": 4.5},
        "clipped_step": {"linewidth": 2},
        "start": {"marker": "o", "markersize": 11, "fillstyle": "none", "markeredgewidth": 1.6},
    }
    lines = {}
    for name, how in look.items():
        color = PATHS.get(name.partition("_")[0], INK)
        (lines[f"{panel}_{name}"],) = ax.plot(*arrays[f"{panel}_{name}"], color=color, **how)
    return lines


def _name_regions(ax: Axes, close: Axes) -> None:
    """Name the marks of both paths, the regions of the map, and the part that is shown larger."""
    ax.set(xticks=range(-4, 0), yticks=range(3, 8))
    (w, w_end), (b, b_end) = CLOSE
    ax.add_patch(Rectangle((b, w), b_end - b, w_end - w, fill=False, edgecolor=INK, linewidth=0.8))
    ax.text(b, w - 0.1, "close-up", va="top")
    ax.set_title("□ 20 steps, unclipped", fontsize=10, color=PATHS["free"], weight="bold", pad=4)
    ax.set_title("● clipped", fontsize=10, color=PATHS["clipped"], weight="bold", pad=4, loc="right")
    close.set_title("close-up", fontsize=10, pad=4)
    for b, w, text in REGIONS:
        ax.text(b, w, text, ha="center")
    turn = {"rotation": np.degrees(np.arctan(-1 / sigmoid(net.X_0))), "transform_rotates_text": True}
    ax.text(net.wall(6.2) - 0.06, 6.2, "wall", ha="center", va="top", rotation_mode="anchor", **turn)


def _draw_along(ax: Axes, arrays: Mapping) -> dict:
    ax.set(xscale="log", xlim=(LENGTHS[0], LENGTHS[-1]), ylim=(-0.04, TOP), xlabel="length of the step")
    ax.set_xticks([1e-6, 1e-4, 1e-2, 1, 100, 1e4], ["10⁻⁶", "10⁻⁴", "0.01", "1", "100", "10⁴"])
    ax.minorticks_off()
    ax.set_title("$E$ along the arrow", fontsize=10, pad=4)
    (curve,) = ax.plot(*arrays["along"], color="#777777", linewidth=1.4)
    look = {"color": PATHS["free"], "markersize": 9, "fillstyle": "none", "markeredgewidth": 1.8}
    (free,) = ax.plot(*arrays["along_free"], "s", **look)
    (clipped,) = ax.plot(*arrays["along_clipped"], "o", color=PATHS["clipped"], markersize=6)
    return {"along": curve, "along_free": free, "along_clipped": clipped}


def _draw_norm(ax: Axes, arrays: Mapping) -> dict:
    ax.set(yscale="log", ylim=(LOWEST / 3, HIGHEST))
    ax.set_yticks([LOWEST, 1e-3, 1, 1e3], ["≤ 10⁻⁶", "0.001", "1", "1000"])
    ax.minorticks_off()
    (line,) = ax.plot(*arrays["threshold"], ":", color=PATHS["clipped"], linewidth=1.6)
    return {"threshold": line} | _draw_by_step(ax, arrays, "norm")


def _draw_by_step(ax: Axes, arrays: Mapping, name: str) -> dict:
    title = {"error": "error $E$", "norm": r"norm of $\delta$, threshold dotted"}[name]
    ax.set_title(title, fontsize=10, pad=4)
    ax.set(xlim=(-0.5, net.STEPS + 0.5), xticks=range(0, net.STEPS + 1, 5), xlabel="steps done")
    if name == "error":
        ax.set_ylim(-0.04, TOP)
    (free,) = ax.plot(*arrays[f"{name}_free"], "--", color=PATHS["free"], linewidth=1.6)
    look = {"color": PATHS["clipped"], "markersize": 3.5, "linewidth": 1.2}
    (clipped,) = ax.plot(*arrays[f"{name}_clipped"], "o-", **look)
    return {f"{name}_free": free, f"{name}_clipped": clipped}


def words(arrays: Mapping, lr: float, start: str, threshold: float) -> str:
    """Say what is clipped, where the step lands with and without it, and how both descents end."""
    E, norm, step = arrays["E"], arrays["norm"], arrays["step"]
    last = [number(E[row, -1]) for row in (0, 1)]
    if not arrays["parts"]:
        return (
            f"No step is clipped: no gradient norm is above {number(norm[1, :-1].max())}, the threshold is "
            f"{threshold:g}. Both do the same: in {net.STEPS} steps "
            f"E goes from {number(E[1, 0])} to {last[1]}."
        )
    w, b = (arrays[name][0, step + 1] for name in ("w", "b"))
    side = "on" if _inside(np.array([[b, w]]), *MAP)[0] else "off"
    w, b = (f"{round(float(v), 2) + 0.0:,.2f}".replace("-", "−") for v in (w, b))
    free, clipped = (number(length, 1e-6) for length in arrays["lengths"])
    return (
        f"Step {step + 1}: gradient norm {number(norm[1, step])}, threshold {threshold:g}. Unclipped it is "
        f"{free} long and lands {side} the map at w = {w}, b = {b}, where the norm is "
        f"{number(norm[0, step + 1])}. Clipped it is {clipped} long, the same way. "
        f"After {net.STEPS} steps: E = {last[0]} unclipped, {last[1]} clipped."
    )


def number(value: float, least: float = 1e-4) -> str:
    """Say a number that is not negative, with three digits that matter.

    >>> number(156.77), number(4321.9), number(0.00231), number(3e-17), number(2e-5, least=1e-6)
    ('157', '4,320', '0.00231', 'below 0.0001', '0.00002')
    """
    if value < least:
        return f"below {number(least, least)}"
    return f"{float(f'{value:.3g}'):,.9f}".rstrip("0").rstrip(".")


def explorer() -> Explorer:
    """Return the explorer with a slider ``lr``, a choice ``start`` and a slider ``threshold``."""
    return Explorer(
        compute,
        draw,
        [
            Slider("lr", RATES, 0.5, label="step size (learning rate)"),
            Choice("start", NAMES, "wall", label="start"),
            Slider("threshold", THRESHOLDS, 0.5, label="clip threshold"),
        ],
        title="At the wall one step throws you far away; clipped, it keeps its direction and stays near",
        alt="Above, a map of the error over w and b with a wall across it, and a close-up: two paths of 20 "
        "steps, unclipped and clipped, with an arrow for the first clipped step of each. Below, the error "
        "along that step by its length, with both landing points; error and gradient norm by step.",
        words=words,
        presets={
            label: {"lr": lr, "start": name, "threshold": clip} for label, (lr, name, clip) in PRESETS.items()
        },
        compute_table=compute_table,
        figsize=(9.0, 5.2),
    )
