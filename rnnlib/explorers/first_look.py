"""The start page's explorer: one slider makes a gradient vanish, keep its size or explode.

A simple RNN of 32 units runs over 50 steps. Its W_s is an orthogonal matrix times the *gain*, so each of its
eigenvalues has the absolute value of the gain. The inputs are so small that tanh is nearly a straight line;
what larger inputs do is the business of lesson 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnlib.cells import RNN, RNNParams
from rnnlib.colors import COLORS
from rnnlib.explorers.base import Explorer, Slider
from rnnlib.gradients import by_lag

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["compute", "draw", "explorer", "words"]

N, UNITS, SEED, INPUT_SCALE = 50, 32, 7, 1e-6
AFTER = 10  # the number of steps the words speak of
LOWEST, HIGHEST = 1e-9, 1e7
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
GAINS = np.round(np.arange(0.5, 1.251, 0.01), 2)  # beyond, tanh holds the growth back: lesson 6


def compute(gain: float) -> dict:
    """Measure what is left of ∂E_N/∂s_i, from i = N back to i = 0, in one backward pass.

    Parameters
    ----------
    gain : float
        Spectral radius of W_s.

    Returns
    -------
    dict
        ``left``: ‖∂E_N/∂s_{N-k}‖ / ‖∂E_N/∂s_N‖ for k = 0..N.
    """
    rng = np.random.default_rng(SEED)
    orthogonal, _ = np.linalg.qr(rng.standard_normal((UNITS, UNITS)))
    params = RNNParams(rng.standard_normal((1, UNITS)), gain * orthogonal, np.zeros(UNITS))
    cell = RNN()
    run = cell.forward(params, INPUT_SCALE * rng.standard_normal((N, 1, 1)))
    norms = by_lag(cell, params, run)[::-1]
    return {"left": norms / norms[0]}


def draw(fig: Figure, arrays: dict) -> dict:
    """Draw what is left against the number of steps back, on a log scale."""
    ax = fig.subplots()
    ax.set(xlim=(0, N), ylim=(LOWEST, HIGHEST), yscale="log", yticks=10.0 ** np.arange(-9, 8, 3))
    ax.set(xlabel="steps back from the error", ylabel="gradient left (start = 1)")
    ax.minorticks_off()
    ax.axhline(1, color=COLORS["grey"], linewidth=0.8)
    ax.axvline(AFTER, ymax=0.93, color=COLORS["grey"], linewidth=0.8, linestyle=":")
    (line,) = ax.plot(np.arange(N + 1), arrays["left"], color=COLORS["s"], linewidth=2.4)
    (dot,) = ax.plot([], [], "o", color=COLORS["s"], markersize=8)
    note = ax.text(AFTER + 0.5, HIGHEST / 30, "")
    return {"line": line, "dot": dot, "note": note}


def move(artists: dict, arrays: dict) -> None:
    """Set curve, dot and label; a curve that leaves the picture is cut off."""
    left = arrays["left"]
    artists["line"].set_ydata(left)
    artists["dot"].set_data([AFTER], [left[AFTER]])
    artists["note"].set_text(f"after {AFTER} steps: {share(left[AFTER])}")


def share(value: float) -> str:
    """Say a factor as a reader would.

    >>> share(0.0009765), share(0.35), share(9100.4), share(8.8e-16)
    ('0.098%', '35%', '9,100 times', '9 × 10⁻¹⁶')
    """
    if value >= 1.05:
        return f"{float(f'{value:.2g}'):,.10g} times"
    if value >= 1e-5:
        return f"{float(f'{100 * value:.2g}'):.10g}%"
    digit, _, power = f"{value:.0e}".partition("e")
    return f"{digit} × 10{str(int(power)).translate(RAISED)}"


def words(arrays: dict, gain: float) -> str:
    """Say what is left after 10 and after 50 steps."""
    early, late = share(arrays["left"][AFTER]), share(arrays["left"][N])
    if arrays["left"][N] >= 1.05:
        return (
            f"Gain {gain:.2f}: {AFTER} steps back the gradient is {early} as strong, {N} steps back {late}."
        )
    return f"Gain {gain:.2f}: {AFTER} steps back {early} of the gradient is left, {N} steps back {late}."


def explorer() -> Explorer:
    """Return the explorer with one slider, ``gain``."""
    return Explorer(
        compute,
        draw,
        [Slider("gain", GAINS, 0.9, label="gain", format=".2f")],
        title="One number decides how much of the gradient is left",
        alt=f"Curve on a log scale: how much of the error's gradient is left, 0 to {N} steps back in time.",
        move=move,
        words=words,
        presets={"vanishes": {"gain": 0.7}, "just keeps": {"gain": 1.0}, "explodes": {"gain": 1.2}},
    )
