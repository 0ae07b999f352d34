"""Lesson 1's explorer: a window of w steps and a state must both repeat an input that is k steps old.

The nets were trained beforehand, one for each setting: `python -m rnnlib.experiments echo`. The kernel
only reads the stored table.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnlib import data
from rnnlib.colors import COLORS, INK
from rnnlib.explorers.base import Explorer, Slider

__all__ = ["compute", "draw", "explorer", "words"]

WINDOW, MEMORY, WANTED = COLORS["W_x"], COLORS["s"], "#B8B8B8"
LOWEST, HIGHEST = 1e-4, 4.0


@cache
def _results() -> tuple[dict, dict]:
    return data.load_results("echo")


def compute(k: int, w: int) -> dict:
    """Read what the stored nets do at delay k: the window net that sees w steps, and the simple RNN.

    Parameters
    ----------
    k : int
        Delay of the echo in steps, 0 to 12.
    w : int
        Steps the window net sees, 1 to 12.

    Returns
    -------
    dict
        ``window`` (13,): error by delay, median over the seeds, 1 = guessing zero; ``rnn`` (3, 13): lowest,
        median and highest; ``t`` (40,): the steps of the piece; ``x``, ``d``, ``window_y``, ``rnn_y`` (40,):
        input, wanted echo, outputs; ``k``, ``w``.
    """
    arrays, settings = _results()
    last = settings["test_T"]
    return {
        "k": k,
        "w": w,
        "window": np.median(arrays["window_error"][:, :, w - 1], axis=0),
        "rnn": np.quantile(arrays["rnn_error"], [0, 0.5, 1], axis=0),
        "t": np.arange(last - settings["snippet"] + 1, last + 1),
        "x": arrays["x"],
        "d": arrays["d"][k],
        "window_y": arrays["window_y"][k, w - 1],
        "rnn_y": arrays["rnn_y"][k],
    }


def draw(fig: object, arrays: dict) -> dict:
    """Draw error against delay on the left, a piece of the sequence on the right."""
    rows = [["error", "x"], ["error", "window"], ["error", "rnn"]]
    panels = fig.subplot_mosaic(rows, width_ratios=[1, 1.35])
    artists = _draw_error(panels["error"], arrays) | _draw_input(panels["x"], arrays)
    for name, color, label in (("window", WINDOW, "window net"), ("rnn", MEMORY, "simple RNN")):
        artists |= _draw_output(panels[name], arrays["t"], name, color, label)
    for name in ("x", "window"):
        panels[name].tick_params(labelbottom=False)
    panels["rnn"].set_xlabel("step $t$")
    return artists


def _draw_error(ax: object, arrays: dict) -> dict:
    delays = np.arange(len(arrays["window"]))
    ax.set(xlim=(-0.4, delays[-1] + 0.4), ylim=(LOWEST, HIGHEST), yscale="log", xticks=delays[::2])
    ax.set(xlabel="delay $k$ in steps", ylabel="error, as a fraction of guessing")
    ax.set_yticks([1e-4, 1e-3, 1e-2, 1e-1, 1], ["0.0001", "0.001", "0.01", "0.1", "1"])
    ax.minorticks_off()
    ax.axhline(1, color=COLORS["grey"], linewidth=0.8)
    low, median, high = arrays["rnn"]
    ax.fill_between(delays, low, high, color=MEMORY, alpha=0.25, linewidth=0)
    ax.plot(delays, median, "o-", color=MEMORY, markersize=4)
    (chosen,) = ax.plot([], [], color=INK, linewidth=0.8)
    (edge,) = ax.plot([], [], color=WINDOW, linewidth=1.2, linestyle="--")
    (curve,) = ax.plot(delays, arrays["window"], "s-", color=WINDOW, markersize=4)
    (dots,) = ax.plot([], [], "o", color=INK, markersize=9, fillstyle="none", markeredgewidth=1.6)
    for left, color, name in ((0, WINDOW, "■ window net"), (0.42, MEMORY, "● simple RNN, 5 runs")):
        ax.text(left, 1.02, name, color=color, weight="bold", transform=ax.transAxes, va="bottom")
    edge_name = ax.text(0, 1, "", color=WINDOW, va="bottom", ha="center")
    return {"chosen": chosen, "edge": edge, "curve": curve, "dots": dots, "edge_name": edge_name}


def _draw_input(ax: object, arrays: dict) -> dict:
    t = arrays["t"]
    _frame(ax, t)
    ax.set_title(f"input: at $t = {t[-1]}$ the window is shaded, the wanted echo circled", fontsize=10, pad=4)
    seen = ax.axvspan(t[0], t[-1], color=WINDOW, alpha=0.18, linewidth=0)
    ax.plot(t, arrays["x"], "o-", color=COLORS["x"], markersize=3, linewidth=1)
    (asked,) = ax.plot([], [], "o", color=INK, markersize=9, fillstyle="none", markeredgewidth=1.6)
    return {"seen": seen, "asked": asked}


def _draw_output(ax: object, t: np.ndarray, name: str, color: str, label: str) -> dict:
    _frame(ax, t)
    ax.set_title(f"{label}: output, and wanted echo in gray", fontsize=10, pad=4)
    (wanted,) = ax.plot(t, np.zeros(len(t)), color=WANTED, linewidth=4, solid_joinstyle="round")
    (output,) = ax.plot(t, np.zeros(len(t)), "o-", color=color, markersize=3, linewidth=1)
    return {f"{name}_wanted": wanted, f"{name}_output": output}


def _frame(ax: object, t: np.ndarray) -> None:
    ax.set(xlim=(t[0] - 0.8, t[-1] + 0.8), ylim=(-1.25, 1.25), yticks=[-1, 0, 1])


def move(artists: dict, arrays: dict) -> None:
    """Set curves, marks and outputs to one setting."""
    k, w, window, rnn, t = (arrays[name] for name in ("k", "w", "window", "rnn", "t"))
    artists["curve"].set_ydata(window)
    artists["edge"].set_data([w, w], [LOWEST, 1.35])
    artists["edge_name"].set_text(f"$k = w = {w}$")
    artists["edge_name"].set_position((np.clip(w, 1.1, 10.9), 1.5))  # whole within the panel
    artists["chosen"].set_data([k, k], [LOWEST, 1])
    artists["dots"].set_data([k, k], [window[k], rnn[1, k]])
    artists["seen"].set_x(t[-1] - w + 0.5)
    artists["seen"].set_width(w)
    artists["asked"].set_data([t[-1] - k], [arrays["x"][-1 - k]])
    for name in ("window", "rnn"):
        artists[f"{name}_wanted"].set_ydata(arrays["d"])
        artists[f"{name}_output"].set_ydata(arrays[f"{name}_y"])


def words(arrays: dict, k: int, w: int) -> str:
    """Say what the window net can see, and both errors."""
    steps = f"{w} steps, lags 0 to {w - 1}" if w > 1 else "1 step, lag 0"
    age = f"{k} step{'s' if k != 1 else ''} old"
    verdict = "it is in the window" if k < w else "out of sight"
    return (
        f"The window net sees {steps}; the echo is {age}: {verdict}. "
        f"Error {part(arrays['window'][k])} of guessing. The RNN: {part(arrays['rnn'][1, k])}."
    )


def part(error: float) -> str:
    """Say an error as a fraction of guessing, with two digits that matter.

    >>> part(1.0023), part(0.1234), part(0.00056)
    ('1.00', '0.12', '0.0006')
    """
    return f"{error:.2f}" if error >= 0.0995 else f"{error:.3f}" if error >= 0.00995 else f"{error:.4f}"


def explorer() -> Explorer:
    """Return the explorer with two sliders, ``k`` and ``w``."""
    return Explorer(
        compute,
        draw,
        [
            Slider("k", range(13), 3, label="delay k, in steps"),
            Slider("w", range(1, 13), 6, label="window w, in steps"),
        ],
        title="A window ends at a cliff; a memory has no edge",
        alt="Left, error by delay on a log scale: the window net jumps to guessing at k = w, the simple RNN "
        "rises without a jump at w. Right, 40 steps: the input, and each net's output over the wanted echo.",
        move=move,
        words=words,
        presets={
            "inside the window": {"k": 3, "w": 6},
            "one step too far": {"k": 6, "w": 6},
            "far back": {"k": 12, "w": 6},
        },
        figsize=(9.0, 4.4),
    )
