"""The start page's explorer: one slider makes a gradient vanish, keep or explode.

A simple RNN of 32 units runs over 50 steps. Its W_s is an orthogonal matrix times the *gain*, so every one of its
eigenvalues has the absolute value of the gain. The inputs are so small that tanh is nearly a straight line; what
larger inputs do is the business of lesson 6.
"""

from __future__ import annotations

import numpy as np

from rnnlib.cells import RNN, RNNParams
from rnnlib.colors import COLORS
from rnnlib.explorers.base import Explorer, Slider
from rnnlib.gradients import by_lag

__all__ = ["compute", "draw", "explorer", "words"]

N, UNITS, SEED, INPUT_SCALE = 50, 32, 7, 1e-4
AFTER = 10  # the number of steps the words speak of
FLOOR, CEILING = 1e-9, 1e7
LOST = 2.0**-24  # half of float32's spacing at 1: added to a weight of 1, a smaller number changes nothing


def compute(gain: float) -> dict:
    """Measure what is left of ∂E_N/∂s_i, from i = N back to i = 0, in one backward pass.

    Parameters
    ----------
    gain : float
        Spectral radius of W_s.

    Returns
    -------
    dict
        ``left``: ‖∂E_N/∂s_{N-k}‖ / ‖∂E_N/∂s_N‖ for k = 0..N; ``note``: (text, k, value) of the label.
    """
    rng = np.random.default_rng(SEED)
    orthogonal, _ = np.linalg.qr(rng.standard_normal((UNITS, UNITS)))
    params = RNNParams(rng.standard_normal((1, UNITS)), gain * orthogonal, np.zeros(UNITS))
    cell = RNN()
    run = cell.forward(params, INPUT_SCALE * rng.standard_normal((N, 1, 1)))
    norms = by_lag(cell, params, run)[::-1]
    return {"left": norms / norms[0]}


def draw(fig: object, arrays: dict) -> dict:
    """Draw what is left against the number of steps back, on a log scale with a floor."""
    ax = fig.subplots()
    ax.set(xlim=(0, N), ylim=(FLOOR, CEILING), yscale="log", yticks=10.0 ** np.arange(-9, 8, 3))
    ax.set(xlabel="steps back from the error, $N - i$", ylabel=r"$\|\partial E_N/\partial s_i\|$, as a multiple of its start")
    ax.minorticks_off()
    ax.axhline(1, color=COLORS["grey"], linewidth=0.8)
    ax.axhspan(FLOOR, LOST, color=COLORS["grey"], alpha=0.18, linewidth=0)
    ax.text(0.6, 1.6 * FLOOR, "too small to move a float32 weight of size 1", color="#555555", fontsize=9)
    (line,) = ax.plot(np.arange(N + 1), arrays["left"], color=COLORS["s"], linewidth=2.4)
    (dot,) = ax.plot([], [], "o", color=COLORS["s"], markersize=8)
    note = ax.text(0, 1, "", color="#222222", va="bottom")
    return {"line": line, "dot": dot, "note": note}


def move(artists: dict, arrays: dict) -> None:
    """Set curve, dot and label; what is below the floor is drawn on it."""
    left = np.clip(arrays["left"], FLOOR, CEILING)
    artists["line"].set_ydata(left)
    artists["dot"].set_data([AFTER], [left[AFTER]])
    artists["note"].set_text(f"after {AFTER} steps: {share(arrays['left'][AFTER])}")
    artists["note"].set_position((AFTER + 0.8, left[AFTER] * 1.6))


def share(value: float) -> str:
    """Say a factor as a reader would: 0.1 %, 35 %, 6.2 times, 9,100 times, 1e-15.

    >>> share(0.0009765), share(0.35), share(9100.4)
    ('0.098 %', '35 %', '9,100 times')
    """
    if value > 1.5:
        return f"{float(f'{value:.2g}'):,.10g} times"
    if value >= 1e-5:
        return f"{float(f'{100 * value:.2g}'):.10g} %"
    return f"{value:.0e}"


def words(arrays: dict, gain: float) -> str:
    """Say what is left after 10 and after 50 steps."""
    early, late = arrays["left"][AFTER], arrays["left"][N]
    if late > 1.5:
        return f"Gain {gain:.2f}: after {AFTER} steps the gradient has grown to {share(early)} its start, after {N} to {share(late)}."
    return f"Gain {gain:.2f}: after {AFTER} steps {share(early)} of the gradient is left, after {N} steps {share(late)}."


def explorer() -> Explorer:
    """Return the explorer with one slider, ``gain``."""
    return Explorer(
        compute,
        draw,
        [Slider("gain", np.round(np.arange(0.5, 1.501, 0.01), 2), 0.9, label="gain of W_s", format=".2f")],
        title="One number decides whether the past can be learned from",
        alt=f"Curve on a log scale: how much of the gradient of the error at step {N} is left, 0 to {N} steps back.",
        move=move,
        words=words,
        presets={"vanishes": {"gain": 0.7}, "just keeps": {"gain": 1.0}, "explodes": {"gain": 1.3}},
    )
