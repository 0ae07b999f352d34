"""Explorers that exist for tests only: every kind of mark and control, a live one, one that plays."""

import json
import struct
import time
import zlib

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from rnnlib.explorers.base import Check, Choice, Explorer, Slider
from rnnlib.explorers.player import Play, Player


def compute(turn, kind="sine", labels=True):
    """Numbers for one of everything; some are not finite or far outside the axes."""
    x = np.linspace(0, 6, 60)
    y = np.sin(x + turn) if kind == "sine" else np.exp(4 * np.sin(x + turn))
    far = y.copy()
    far[10:14], far[30], far[40] = np.nan, 1e30, -np.inf
    return {"x": x, "y": y, "far": far, "turn": turn, "labels": labels, "cells": np.outer(y, y[:20])}


def draw(fig, arrays):
    """One of every mark on linear, logarithmic and symmetric-log axes."""
    axes = fig.subplots(2, 3)
    x = arrays["x"]
    moving = {}
    axes[0, 0].set(title="lines", ylim=(-3, 3), xlabel="$x$")
    (moving["dashed"],) = axes[0, 0].plot(x, x, "--", color="#0072B2")
    (moving["far"],) = axes[0, 0].plot(x, x, color="#D55E00", linewidth=1)
    (moving["points"],) = axes[0, 0].plot(x[::6], x[::6], "s", color="#009E73", alpha=0.5)
    axes[0, 1].set(title="logarithmic", yscale="log", ylim=(1e-3, 1e3))
    (moving["log"],) = axes[0, 1].plot(x, x + 1, "o-", markersize=3)
    axes[0, 2].set(title="bars and areas", ylim=(-2, 2))
    moving["bars"] = axes[0, 2].bar(np.arange(6), np.ones(6), color="#E69F00", edgecolor="black")
    axes[1, 0].set(title="image", xticks=[], yticks=[])
    moving["image"] = axes[1, 0].imshow(arrays["cells"], aspect="auto", vmin=-1, vmax=1, cmap="cividis")
    axes[1, 1].set(title="symmetric log", yscale="symlog", ylim=(-100, 100), xlim=(0, 6))
    moving["scatter"] = axes[1, 1].scatter(x, x, s=np.linspace(4, 60, 60), c=x, cmap="viridis")
    axes[1, 2].set(title="shapes", xlim=(0, 4), ylim=(0, 4), aspect="equal")
    moving["circle"] = axes[1, 2].add_patch(Circle((1, 1), 0.4, facecolor="#E69F00", edgecolor="black"))
    moving["box"] = axes[1, 2].add_patch(Rectangle((2, 3), 0.6, 0.6, facecolor="#56B4E9"))
    moving["arrows"] = [
        axes[1, 2].add_patch(FancyArrowPatch((1, 1), (3, 3), arrowstyle=kind, mutation_scale=12, **extra))
        for kind, extra in (("-|>", {}), ("->", {"connectionstyle": "arc3,rad=0.3", "color": "#D55E00"}))
    ]
    moving["formula"] = axes[1, 2].text(2, 0.6, r"$s_t$", ha="center", bbox={"facecolor": "white"})
    return moving


def move(artists, arrays):
    """Set everything."""
    x, y, turn = arrays["x"], arrays["y"], arrays["turn"]
    artists["dashed"].set_ydata(y)
    artists["far"].set_ydata(arrays["far"] - 0.5)
    artists["points"].set_ydata(y[::6])
    artists["log"].set_ydata(y**2)
    for bar, height in zip(artists["bars"], y[::10], strict=True):
        bar.set_height(height)
    artists["image"].set_data(np.where(np.abs(arrays["cells"]) < 0.02, np.nan, arrays["cells"]))
    artists["scatter"].set_offsets(np.column_stack([x, 10 * y]))
    artists["circle"].set_center((1, 1 + turn / 3))
    artists["arrows"][0].set_positions((1, 1 + turn / 3), (3, 3))
    artists["arrows"][1].set_visible(turn > 1)
    artists["formula"].set_text(rf"$\frac{{s_t}}{{2}}$ = {turn:.1f}")
    artists["formula"].set_visible(arrays["labels"])


def words(arrays, turn, kind, labels):
    """A sentence."""
    return f"Turned by {turn:g}: the highest point is {arrays['y'].max():.2f}."


def everything(**options):
    """Return an explorer with every kind of control and mark."""
    controls = [
        Slider("turn", np.linspace(0, 6, 13), 1.5, label="turn by", unit="rad", format=".1f"),
        Choice("kind", {"sine": "sine", "exp": "exponential"}, "sine", label="curve"),
        Check("labels", True, label="show labels"),
    ]
    presets = {"straight": {"turn": 0.0}, "steep": {"turn": 3.0, "kind": "exp"}}
    texts = {"title": "One of everything moves", "alt": "Six small panels.", "words": words}
    options = {"presets": presets, "figsize": (9, 5)} | texts | options
    return Explorer(compute, draw, controls, move=move, **options)


def slow_square(side):
    """A number that takes a moment at 7, longer than a browser waits at 8, and fails at 13."""
    if side == 13:
        raise ValueError("thirteen is refused")
    time.sleep({7: 0.3, 8: 9.0}.get(side, 0.0))
    x = np.linspace(0, 1, 50)
    return {"line": side * x}


def draw_square(fig, arrays):
    """A line whose slope is the side."""
    ax = fig.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 100), xlabel="x")
    (line,) = ax.plot(np.linspace(0, 1, 50), arrays["line"])
    return {"line": line}


def live():
    """Return an explorer that asks the kernel for every frame."""
    controls = [Slider("side", range(101), 20)]
    texts = {"title": "A line is steeper", "alt": "A line.", "words": lambda arrays, side: f"Slope {side}."}
    return Explorer(slow_square, draw_square, controls, live=True, **texts)


def count(step, high):
    """A line that grows with every step, and has grown enough at 12; at 5 it fails."""
    if step == 5 and high:
        raise ValueError("five is refused")
    return {"line": np.linspace(0, step, 50), "last": step >= 12}


def counting():
    """Return an explorer with a button that counts."""
    controls = [Play("step", range(31), 0, unit="of 30"), Check("high", False)]
    texts = {"title": "It counts", "alt": "A line.", "words": lambda arrays, step, high: f"At {step}."}
    return Player(count, draw_square, controls, **texts)


TYPES = {"i2": "<i2", "u2": "<u2", "u1": "u1", "f4": "<f4"}


def unpacked(block):
    """Read a block as the browser does: (header, read(mark, channel, frame))."""
    data = zlib.decompress(block)
    (length,) = struct.unpack("<I", data[:4])
    header, arrays = json.loads(data[4 : 4 + length]), data[4 + length :]

    def read(mark, channel, frame):
        c = header["marks"][mark]["channels"][channel]
        size = np.dtype(TYPES[c["type"]]).itemsize
        row = chosen(c, frame)
        n = c["n"]
        if "lengths_at" in c:
            n = np.frombuffer(arrays, "<u2", offset=c["lengths_at"], count=c["rows"])[row]
        if c["type"] == "i2":
            total = c["n"] * c["rows"]
            low, high = (np.frombuffer(arrays, "u1", offset=c["at"] + k * total, count=total) for k in (0, 1))
            steps = (low + 256 * high.astype(int))[row * c["n"] :][:n]
            return np.cumsum(steps).astype("<i2")
        return np.frombuffer(arrays, TYPES[c["type"]], offset=c["at"] + row * c["n"] * size, count=n)

    def chosen(c, frame):
        return int(np.frombuffer(arrays, "<u2", offset=c["index_at"])[frame]) if "index_at" in c else 0

    header["said"] = lambda at: "".join(w["strings"][chosen(w, at[w["sheet"]])] for w in header["words"])
    return header, read


def small(compute, draw, grid, **options):
    """An explorer with one slider, i."""
    return Explorer(compute, draw, [Slider("i", grid, grid[0])], title="T", alt="A.", **options)


def line_explorer(ys, x=None, compute_table=None, **axes):
    """An explorer with one slider that picks a line out of `ys`."""
    x = np.arange(len(ys[0])) if x is None else x

    def draw_line(fig, arrays):
        ax = fig.subplots()
        (line,) = ax.plot(x, np.ones(len(x)))
        ax.set(**axes)
        return {"line": line}

    options = {"compute_table": compute_table}
    return small(lambda i: {"line": np.asarray(ys[i], float)}, draw_line, range(len(ys)), **options)


def move_over_the_range(explorer):
    """Set every control to each of its values; the words must be sensible everywhere."""
    for name, control in explorer.controls.items():
        for value in control.values:
            setattr(explorer, name, value)
            assert getattr(explorer, name) == value
            assert "nan" not in explorer.words
            assert "inf" not in explorer.words
        setattr(explorer, name, control.value)
