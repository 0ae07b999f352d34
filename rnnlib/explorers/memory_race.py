"""Lesson 8's explorer: what is left of a gradient in an RNN, an LSTM and a GRU, under the same sliders.

Sixteen units each, in powers of ten by lag. Beside each whole derivative stands its direct path, Π f_t along
the LSTM's memory and Π z_t along the GRU's, and what the bias alone would keep. With recurrent weights of 0
there is no other path. All panels come from one table, which was measured once by rnnlib's engine (see
`rnnlib.experiments.memory_race`), so they need no kernel.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rnnlib.activations import sigmoid
from rnnlib.colors import COLORS, DASHES
from rnnlib.experiments import memory_race as race
from rnnlib.explorers.base import Explorer, Slider
from rnnlib.explorers.gradient_lab import left

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["PRESETS", "compute", "compute_table", "draw", "explorer"]

LOWEST, HIGHEST = -8, 6
"""The powers of ten at the ends of the panels; curves go on beyond, and the words say how far."""

OUTSIDE = (-40, 36)
"""Beyond these, so far outside the panels that it does not show, curves are stored as level."""

PANELS = {  # title, whole derivative, direct path, what one number alone would do
    "RNN": ("simple RNN", "RNN", None, "power"),
    "LSTM": ("LSTM, both memories", "LSTM", "f", "bias_f"),
    "GRU": ("GRU", "GRU", "z", "bias_z"),
}
NAMES = {
    "RNN": (r"— $\|\partial E_N/\partial s_i\|$", COLORS["s"]),
    "LSTM": (r"— $\|\partial E_N/\partial(LTM_i, STM_i)\|$", "#A8518A"),
    "GRU": (r"— $\|\partial E_N/\partial s_i\|$", COLORS["s"]),
    "f": (r"- - direct path $\Pi f_t$", COLORS["forget"]),
    "z": (r"- - direct path $\Pi z_t$", COLORS["forget"]),
    "power": (r"··· gain$^{\,N-i}$", "#555555"),
    "bias_f": (r"··· $\sigma(b_f)^{N-i}$", "#555555"),
    "bias_z": (r"··· $\sigma(b_z)^{N-i}$", "#555555"),
}
"""Line -> what is written beneath the panel, and the color."""

PLAIN = {"scale": 0.3, "N": 20, "seed": 1}
PRESETS = {
    "bias 0 forgets": {**PLAIN, "b": 0.0, "gain": 0.5},
    "bias 1 is slower": {**PLAIN, "b": 1.0, "gain": 0.5},
    "bias 5 keeps": {**PLAIN, "b": 5.0, "gain": 0.5},
    "direct path alone": {**PLAIN, "b": 1.0, "gain": 0.0, "scale": 0.0},
    "indirect paths add": {**PLAIN, "b": 1.0, "gain": 1.0, "scale": 0.0},
    "LSTM explodes": {**PLAIN, "b": 5.0, "gain": 2.0, "scale": 0.0, "N": 40},
}


def compute(b: float, gain: float, scale: float, N: int, seed: int) -> dict:
    """Measure one setting: see `rnnlib.experiments.memory_race.look`.

    Returns
    -------
    dict
        For the lines ``RNN``, ``LSTM``, ``GRU`` (whole derivatives), ``f``, ``z`` (direct paths), ``power``
        (gain^lag), ``bias_f`` and ``bias_z`` (both σ(b)^lag) a pair of lag/N and powers of ten;
        ``ten_1`` ... for each panel the line that marks ten steps; ``tick_0`` ... the lags beneath. For the
        words ``ten`` and ``end``: powers of ten of RNN, LSTM, GRU, f and z.
    """
    looks = {name: value[None] for name, value in race.look(b, gain, scale, N, seed)._asdict().items()}
    columns = {name: np.array([value]) for name, value in (("b", b), ("gain", gain), ("N", N))}
    return {name: column[0] for name, column in _arrays(looks, columns).items()}


def compute_table(names: list[str], **columns: np.ndarray) -> dict:
    """Look up many settings at once; what `compute` gives for the names, and for the words."""
    table = _arrays(race.stored(**columns), columns)
    return {name: table[name] for name in [*names, "ten", "end"]}


def _arrays(looks: Mapping, columns: Mapping) -> dict:
    """Turn looks at many settings into what the artists and the words take."""
    N = columns["N"]
    lags = np.array([steps - race.places(steps) for steps in N.tolist()])
    with np.errstate(divide="ignore"):
        gain = np.maximum(np.log10(columns["gain"]), OUTSIDE[0])  # of 0 too: 0 · −∞ would be no number
    curves = {name: looks[name] for name in race.CURVES} | {"power": gain[:, None] * lags}
    curves["bias_f"] = curves["bias_z"] = np.log10(sigmoid(columns["b"]))[:, None] * lags
    lines = {
        name: np.stack([lags / N[:, None], np.clip(curve, *OUTSIDE)], axis=1)
        for name, curve in curves.items()
    }
    mark = np.stack([np.stack([race.TEN / N] * 2, 1), np.full((len(N), 2), [LOWEST, HIGHEST])], axis=1)
    return {
        **lines,
        **{f"{panel}_mark": mark for panel in PANELS},
        **{f"{panel}_tick_{k}": (N * k // 4).astype(str) for panel in PANELS for k in range(5)},
        "ten": looks["ten"],
        "end": looks["end"],
    }


def draw(fig: Figure, arrays: Mapping) -> dict:
    """Draw the three panels, on the same axes."""
    artists = {}
    for ax, (panel, (title, *lines)) in zip(fig.subplots(1, 3, sharey=True), PANELS.items(), strict=True):
        ax.set(xlim=(-0.02, 1.02), ylim=(LOWEST, HIGHEST), xticks=np.linspace(0, 1, 5), xticklabels=[])
        ax.set_title(title, fontsize=10, loc="left", pad=4)
        ax.axhline(0, color=COLORS["grey"], linewidth=0.8)
        artists |= _draw_scale(ax, panel, arrays)
        for row, name in enumerate(line for line in lines if line):
            artists[name] = _draw_line(ax, name, row, arrays)
    powers = range(LOWEST, HIGHEST + 1, 2)
    fig.axes[0].set_yticks(powers, [f"$10^{{{power}}}$" if power else "1" for power in powers])
    fig.axes[0].set_ylabel("gradient left")
    return artists


def _draw_scale(ax: Axes, panel: str, arrays: Mapping) -> dict:
    """Draw the lags beneath the panel, and the line at ten steps."""
    ax.set_xlabel("steps back from the error, $N-i$", labelpad=16)
    name = f"{panel}_mark"
    (mark,) = ax.plot(*arrays[name], ":", color=COLORS["grey"], linewidth=1)
    place = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "top"}
    ticks = {f"{panel}_tick_{k}": ax.text(k / 4, -0.03, "", **place) for k in range(5)}
    return {name: mark} | ticks


def _draw_line(ax: Axes, name: str, row: int, arrays: Mapping) -> object:
    text, color = NAMES[name]
    style = {"linewidth": 2.6}
    if name in ("f", "z"):
        style = {"linewidth": 1.8, "dashes": DASHES["forget"]}
    elif name not in PANELS:
        style = {"linewidth": 1.6, "linestyle": ":"}
    (line,) = ax.plot(*arrays[name], color=color, **style)
    ax.text(0.0, -0.24 - 0.075 * row, text, color=color, transform=ax.transAxes, va="top", fontsize=9.5)
    return line


def say_RNN(when: str, arrays: Mapping, N: int, **controls: object) -> str:
    """Say what is left in the RNN, after ten steps or at the end."""
    start = f"Left of the gradient after {race.TEN} steps" if when == "ten" else f"After {N} steps"
    return f"{start}: RNN {left(arrays[when][0])}, "


def say_gated(when: str, arrays: Mapping, **controls: object) -> str:
    """Say what is left in the other two, and on their direct paths."""
    _, LSTM, GRU, f, z = (left(number) for number in arrays[when])
    return f"LSTM {LSTM} (direct path {f}), GRU {GRU} (direct path {z}). "


def say_bias(arrays: Mapping, b: float, **controls: object) -> str:
    """Say what the bias keeps."""
    return f"σ({b:g}) = {sigmoid(np.array(b)):.3g} is kept a step at rest."


WORDS = tuple(partial(say, when) for when in ("ten", "end") for say in (say_RNN, say_gated)) + (say_bias,)
NEEDS = {
    **dict.fromkeys(("RNN", *WORDS[:4:2]), ("gain", "scale", "N", "seed")),
    "power": ("gain", "N"),
    **dict.fromkeys(("bias_f", "bias_z", say_bias), ("b", "N")),
    **{f"{panel}_{name}": ("N",) for panel in PANELS for name in ("mark", *(f"tick_{k}" for k in range(5)))},
}
"""Artists and pieces of the words -> the controls that they need, where not all of them."""

ALT = (
    "Three panels for RNN, LSTM and GRU: what is left of the gradient, on a log scale, against the number of "
    "steps back from the error; for the LSTM and the GRU also what is left on the direct path, the product "
    "of the forget or update factors; and as a reference one constant factor a step."
)


def explorer() -> Explorer:
    """Return the memory race; its table needs no kernel."""
    controls = [
        Slider("b", race.GRIDS["b"], 1.0, label="forget bias b_f = b_z", format="g"),
        Slider("gain", race.GRIDS["gain"], 0.5, label="gain of recurrent weights", format="g"),
        Slider("scale", race.GRIDS["scale"], 0.3, label="input scale", format="g"),
        Slider("N", race.GRIDS["N"], 20, label="steps N"),
        Slider("seed", race.GRIDS["seed"], 1, label="draw again, seed"),
    ]
    texts = {"title": "A forget bias keeps the gradient, but does not stop it from exploding", "alt": ALT}
    options = {"words": WORDS, "presets": PRESETS, "needs": NEEDS, "compute_table": compute_table}
    return Explorer(compute, draw, controls, front=2, figsize=(9.0, 4.3), **texts, **options)
