"""Lesson 6's explorer: what becomes of a gradient on its way back, and why.

Sixteen units. All panels come from one table, which was measured once by rnnlib's engine (see
`rnnlib.experiments.gradient_lab`), so the lab needs no kernel. With weights of one's own it asks the kernel.
Everything is drawn in powers of ten, because hundreds of steps leave the range of floating-point numbers.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from rnnlib import activations
from rnnlib._check import as_array
from rnnlib.colors import COLORS, INK
from rnnlib.experiments import gradient_lab as lab
from rnnlib.explorers.base import Choice, Explorer, Slider
from rnnlib.explorers.first_look import RAISED, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["compute", "compute_table", "draw", "explorer"]

LOWEST, HIGHEST = -12, 8
"""The powers of ten at the ends of the panels; curves go on beyond, and the words say how far."""

OUTSIDE = (-40, 36)
"""Beyond these, so far outside the panels that it does not show, curves are stored as level."""

SHORTEST, LONGEST = -4, 8
"""The same for the panel of the clip."""

THRESHOLDS = tuple(10.0**power for power in (-2, -1, 0, 1, 2, 3))
INSIDE = 0.01  # a radius of 1/100 and less is drawn at the center
KINDS = {"random": "random", "orthogonal": "orthogonal", "symmetric": "symmetric"}
PHIS = {"tanh": "tanh", "sigmoid": "σ", "relu": "ReLU", "identity": "identity"}
CURVES = {
    "largest": (COLORS["W_x"], "-"),
    "median": (COLORS["W_x"], "--"),
    "smallest": (COLORS["W_x"], ":"),
}
PLAIN = {"phi": "tanh", "scale": 0.05, "N": 40, "kind": "random", "seed": 1, "clip": 1.0}
PRESETS = {
    "vanishes": {**PLAIN, "rho": 0.7},
    "explodes": {**PLAIN, "rho": 2.5},
    "orthogonal keeps": {**PLAIN, "rho": 1.0, "phi": "identity", "kind": "orthogonal"},
    "but tanh loses": {**PLAIN, "rho": 1.0, "scale": 1.0, "kind": "orthogonal"},
    "σ dies fast": {**PLAIN, "rho": 1.0, "phi": "sigmoid"},
    "ρ = 1.5 vanishes": {**PLAIN, "rho": 1.5, "scale": 1.0},
}


def compute(
    rho: float, phi: str, scale: float, N: int, kind: str, seed: int, clip: float, W_s: object = None
) -> dict:
    """Measure one setting: see `rnnlib.experiments.gradient_lab.look`; `clip` is the threshold.

    Returns
    -------
    dict
        For the lines ``states``, ``weights``, ``bound``, ``largest``, ``median``, ``smallest`` a pair of i/N
        and powers of ten; ``eigenvalues`` and ``gamma``, places in their panel; ``before``, ``after``,
        ``cover``, ``threshold``, the bars of the clip; ``tick_0`` ... ``tick_4``, the steps beneath. For the
        words ``ten``, ``end``, ``total``, ``factor`` (γ λ₁): powers of ten.
    """
    look = lab.look(rho, phi, scale, N, kind, seed, W_s)
    numbers = {name: lab.filled(value) if np.ndim(value) else value for name, value in look._asdict().items()}
    looks, columns = ({name: np.array([v]) for name, v in part.items()} for part in (
        numbers, {"phi": phi, "N": N, "clip": clip}
    ))  # fmt: skip
    unit = _unit_eigenvalues(kind, seed) if W_s is None else np.linalg.eigvals(W_s)
    table = {name: column[0] for name, column in _arrays(looks, columns).items()}
    return table | {"eigenvalues": _squeezed(rho * unit)}


def compute_table(names: list[str], **columns: np.ndarray) -> dict:
    """Look up many settings at once; what `compute` gives for the names, and for the words."""
    looks = lab.stored(**columns)
    table = _arrays(looks, columns)
    if "eigenvalues" in names:
        settings = zip(columns["rho"], columns["kind"], columns["seed"], strict=True)
        table["eigenvalues"] = np.array([_squeezed(rho * _unit_eigenvalues(*at)) for rho, *at in settings])
    return {name: table[name] for name in [*names, *WORDS]}


def _arrays(looks: Mapping, columns: Mapping) -> dict:
    """Turn looks at many settings into what the artists and the words take."""
    N, log_clip = columns["N"], np.log10(columns["clip"])
    x = np.array([_x(int(steps)) for steps in N])
    curves = {name: looks[name] for name in ("states", "weights", "largest", "median", "smallest")}
    curves["bound"] = looks["bound"][:, None] * N[:, None] * (1 - x)
    places = dict.fromkeys(curves, x) | {"weights": np.maximum(x, 1 / N[:, None])}  # step 0 adds nothing
    gamma = np.array([1 / activations.by_name(phi).gamma for phi in columns["phi"]])
    length = np.clip(looks["total"], SHORTEST, LONGEST)
    return {
        **{name: np.stack([places[name], np.clip(y, *OUTSIDE)], axis=1) for name, y in curves.items()},
        **{f"tick_{k}": (N * k // 4).astype(str) for k in range(5)},
        "gamma": np.array([_squeezed(radius * CIRCLE) for radius in gamma]),
        "before": _bar(SHORTEST, length, 1),
        "after": _bar(SHORTEST, length, 0),
        "cover": _bar(log_clip, LONGEST, 0),
        "threshold": np.stack([np.stack([log_clip] * 2, 1), np.full((len(N), 2), [-0.6, 1.6])], axis=1),
        "ten": looks["ten"],
        "end": looks["states"][:, 0],
        "total": looks["total"],
        "factor": looks["bound"],
    }


@cache
def _x(N: int) -> np.ndarray:
    """Return i/N of the stored steps; where they are few the first stands for those that are missing."""
    x = lab.places(N) / N
    return np.r_[np.zeros(lab.POINTS - len(x)), x]


@cache
def _unit_eigenvalues(kind: str, seed: int) -> np.ndarray:
    return np.linalg.eigvals(lab.entries(int(seed), str(kind))[0])


def _squeezed(values: np.ndarray) -> np.ndarray:
    """Place complex numbers by the logarithm of their radius: (2, n), 1 at radius 8."""
    radius = np.maximum(np.log10(np.maximum(np.abs(values), INSIDE) / INSIDE) / np.log10(8 / INSIDE), 0)
    angle = np.angle(values)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)])


def _bar(left: object, right: object, y: float) -> np.ndarray:
    ends = np.broadcast_arrays(left, right)
    return np.stack([np.stack(ends, axis=1), np.full((len(ends[0]), 2), float(y))], axis=1)


def draw(fig: Figure, arrays: Mapping) -> dict:
    """Draw the four panels."""
    panels = fig.subplot_mosaic(
        [["gradient", "eigenvalues"], ["products", "clip"]], width_ratios=[1.9, 1], height_ratios=[1.5, 1]
    )
    artists = _draw_gradient(panels["gradient"], arrays) | _draw_products(panels["products"], arrays)
    return artists | _draw_eigenvalues(panels["eigenvalues"], arrays) | _draw_clip(panels["clip"], arrays)


def _by_step(ax: Axes, title: str) -> None:
    ax.set(xlim=(-0.02, 1.02), ylim=(LOWEST, HIGHEST), xticks=np.linspace(0, 1, 5), xticklabels=[])
    powers = range(LOWEST, HIGHEST + 1, 4)
    ax.set_yticks(powers, [f"$10^{{{power}}}$" if power else "1" for power in powers])
    ax.set_title(title, fontsize=10, loc="left", pad=4)
    ax.axhline(0, color=COLORS["grey"], linewidth=0.8)


def _draw_gradient(ax: Axes, arrays: Mapping) -> dict:
    _by_step(ax, r"what is left of the gradient at step $i$ (error at $i = N$)")
    (bound,) = ax.plot(*arrays["bound"], "--", color="#6B6B6B", linewidth=1.4)
    (parts,) = ax.plot(*arrays["weights"], "s", color=COLORS["W_s"], markersize=4, linestyle="None")
    (states,) = ax.plot(*arrays["states"], color=COLORS["s"], linewidth=2.6)
    names = (
        (r"— $\|\partial E_N/\partial s_i\|$", COLORS["s"], 0.02),
        (r"▪ what step $i$ adds to $\partial E_N/\partial W_s$", COLORS["W_s"], 0.24),
        (r"- - bound $(\gamma\lambda_1)^{N-i}$", "#555555", 0.76),
    )
    for name, color, x in names:
        ax.text(x, -0.04, name, color=color, transform=ax.transAxes, va="top", fontsize=9.5)
    return {"bound": bound, "weights": parts, "states": states}


def _draw_products(ax: Axes, arrays: Mapping) -> dict:
    _by_step(ax, r"singular values of $\partial s_N/\partial s_i$:  — largest  - - median  ··· smallest")
    ax.set_xlabel("step $i$", labelpad=16)
    lines = {name: ax.plot(*arrays[name], style, color=color)[0] for name, (color, style) in CURVES.items()}
    place = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "top"}
    ticks = {f"tick_{k}": ax.text(k / 4, -0.05, arrays[f"tick_{k}"], **place) for k in range(5)}
    return lines | ticks


def _draw_eigenvalues(ax: Axes, arrays: Mapping) -> dict:
    ax.set(xlim=(-1.15, 1.15), ylim=(-1.3, 1.15), aspect="equal")
    ax.axis("off")
    ax.set_title("eigenvalues of $W_s$, log radius", fontsize=10, pad=4)
    for radius, width in ((0.1, 0.8), (1, 1.8), (8, 0.8)):
        ax.plot(*_squeezed(radius * CIRCLE), color=INK if radius == 1 else COLORS["grey"], linewidth=width)
        _, (top, *_) = _squeezed(np.array([radius * 1j]))
        ax.text(0, top + 0.02, f"{radius:g}", ha="center", va="bottom", fontsize=9)
    (gamma,) = ax.plot(*arrays["gamma"], "--", color=COLORS["y"], linewidth=1.6)
    ax.text(0, -1.08, r"- - radius $1/\gamma$", ha="center", va="top", color=COLORS["y"], fontsize=9.5)
    (points,) = ax.plot(*arrays["eigenvalues"], "o", color=COLORS["W_s"], markersize=5, alpha=0.8)
    return {"gamma": gamma, "eigenvalues": points}


def _draw_clip(ax: Axes, arrays: Mapping) -> dict:
    ax.set(xlim=(SHORTEST, LONGEST), ylim=(-0.6, 1.6), yticks=[0, 1], yticklabels=["after", "before"])
    powers = range(SHORTEST, LONGEST + 1, 4)
    ax.set_xticks(powers, [f"$10^{{{power}}}$" if power else "1" for power in powers])
    ax.set_title(r"$\|\partial E_N/\partial W_s\|$ and the clip", fontsize=10, pad=4)
    ax.set_xlabel("length (dashed: threshold)")
    style = {"color": COLORS["W_s"], "linewidth": 14, "solid_capstyle": "butt"}
    (before,), (after,) = ax.plot(*arrays["before"], **style, alpha=0.45), ax.plot(*arrays["after"], **style)
    (cover,) = ax.plot(*arrays["cover"], **{**style, "color": "white", "linewidth": 16})
    (threshold,) = ax.plot(*arrays["threshold"], "--", color=INK, linewidth=1.2)
    return {"before": before, "after": after, "cover": cover, "threshold": threshold}


def say_early(arrays: Mapping, **controls: object) -> str:
    """Say what is left ten steps back."""
    return f"Left of the gradient: 10 steps back {left(arrays['ten'])}, "


def say_late(arrays: Mapping, N: int, **controls: object) -> str:
    """Say what is left at the start."""
    return f"{N} steps back {left(arrays['end'])}. "


def say_bound(arrays: Mapping, **controls: object) -> str:
    """Say what the bound promises."""
    factor = float(f"{10.0 ** float(arrays['factor']):.3g}")
    verdict = "must vanish" if factor < 1 else "cannot explode" if factor == 1 else "may explode, or not"
    return f"γ λ₁ = {factor:g}: it {verdict}. "


def say_length(arrays: Mapping, **controls: object) -> str:
    """Say how long the gradient is."""
    return f"‖∂E_N/∂W_s‖ is {size(arrays['total'])}; "


def say_clip(arrays: Mapping, clip: float, **controls: object) -> str:
    """Say what the clip keeps at most."""
    return f"the clip keeps at most {clip:g}."


def left(log10: float) -> str:
    """Say which part of 1 a power of ten is.

    >>> left(-2.5), left(-41.2), left(0.0), left(3.0), left(90.3), left(-1200.0)
    ('0.32%', '6 × 10⁻⁴²', '100%', '1,000 times', '2 × 10⁹⁰ times', 'nothing')
    """
    if -5 <= log10 < 6:
        return share(10.0**log10)
    return size(log10) + (" times" if log10 > 0 else "")


def size(log10: float) -> str:
    """Say how large a power of ten is.

    >>> size(-0.5), size(3.0), size(-41.2), size(9.99), size(-1200.0)
    ('0.32', '1,000', '6 × 10⁻⁴²', '1 × 10¹⁰', 'nothing')
    """
    if log10 <= lab.NOTHING * lab.SETTINGS["step"]:
        return "nothing"
    if -3 <= log10 < 6:
        return f"{float(f'{10.0**log10:.2g}'):,.10g}"
    whole = int(np.floor(log10))
    digit = round(10 ** (log10 - whole))
    digit, whole = (1, whole + 1) if digit == 10 else (digit, whole)
    return f"{digit} × 10{str(whole).translate(RAISED)}"


def explorer(W_s: object = None) -> Explorer:
    """Return the gradient lab.

    Parameters
    ----------
    W_s : (n_s, n_s) array, optional
        Weights of your own: ρ then multiplies them, there are no kinds, and the kernel is asked.

    Raises
    ------
    ValueError
        For a W_s that is not a square matrix of finite numbers.
    """
    label, start = ("spectral radius ρ of W_s", 0.9) if W_s is None else ("your W_s times", 1.0)
    controls = [
        Slider("rho", lab.GRIDS["rho"], start, label=label, format="g"),
        Choice("phi", PHIS, "tanh", label="activation φ"),
        Slider("scale", lab.GRIDS["scale"], 0.05, label="input scale", format="g"),
        Slider("N", lab.GRIDS["N"], 40, label="steps N"),
        Slider("clip", THRESHOLDS, 1.0, label="clip threshold", format="g"),
        Choice("kind", KINDS, "random", label="W_s is"),
        Slider("seed", lab.GRIDS["seed"], 1, label="draw again, seed"),
    ]
    texts = {"title": "Many steps multiply: the gradient vanishes or explodes", "alt": ALT}
    words = [say_early, say_late, say_bound, say_length, say_clip]
    options = {**texts, "words": words, "figsize": (9.0, 5.8)}
    if W_s is None:
        options |= {"presets": PRESETS, "needs": NEEDS, "compute_table": compute_table}
        return Explorer(compute, draw, controls, **options)
    own = as_array("W_s", W_s, "n_s, n_s", (len(W_s), len(W_s)), np.float64)
    controls = [control for control in controls if control.name != "kind"]
    return Explorer(partial(compute, kind="random", W_s=own), draw, controls, live=True, **options)


WORDS = ("ten", "end", "total", "factor")
CIRCLE = np.exp(2j * np.pi * np.linspace(0, 1, 61))
NEEDS = {
    **dict.fromkeys(("states", "weights", *CURVES, "before", "after"), tuple(lab.GRIDS)),
    **dict.fromkeys((say_early, say_late, say_length), tuple(lab.GRIDS)),
    "bound": ("rho", "phi", "kind", "seed", "N"),
    **dict.fromkeys((f"tick_{k}" for k in range(5)), ("N",)),
    **dict.fromkeys(("cover", "threshold", say_clip), ("clip",)),
    "eigenvalues": ("rho", "kind", "seed"),
    "gamma": ("phi",),
    say_bound: ("rho", "phi", "kind", "seed"),
}
"""Artists and pieces of the words -> the controls that they need."""

ALT = (
    "Left, on log scales against the step i: what is left of the gradient, the bound, what each step adds to "
    "the gradient of W_s, and beneath, the largest, median and smallest singular value of the product of "
    "Jacobians. Right, the eigenvalues of W_s among circles of radius 0.1, 1 and 8, and the length of the "
    "gradient before and after clipping."
)
