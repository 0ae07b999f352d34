"""Lesson 4's explorer: how far off the mean of M gradients is, and what a training step of M sequences costs.

The gradients are those of a simple RNN that adds binary numbers, one for each of 256 sequences, so their mean
is known. A mini-batch draws M of them, with replacement. The times were measured once, on one machine:
`python -m rnnlib.experiments mini_batch`.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnlib import data
from rnnlib.colors import COLORS, INK
from rnnlib.experiments import mini_batch
from rnnlib.explorers.base import Explorer, Slider

__all__ = ["compute", "draw", "explorer", "words"]

SIZES = tuple(2**k for k in range(9))
DRAWS = 200
UNITS = ((12, 15), (3, 15))  # the two entries of W_s that differ most from sequence to sequence
REACH = 5.0  # of the cloud's axes, from the full gradient
ESTIMATE, TIME = COLORS["W_s"], COLORS["W_x"]


@cache
def _gradients() -> tuple[np.ndarray, np.ndarray, list]:
    """δ_k of every sequence, their mean, and the columns of the two entries that the cloud shows."""
    single, settings = mini_batch.gradients(), mini_batch.SETTINGS
    columns = [2 * settings["n_s"] + settings["n_s"] * j + k for j, k in UNITS]
    return single, single.mean(axis=0), columns


@cache
def _seconds() -> np.ndarray:
    """Return the seconds of one update for every M, in the round that was disturbed least."""
    arrays, _ = data.load_results("mini_batch")
    return arrays["seconds"].min(axis=0)


@cache
def _drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw 200 mini-batches of each size: two entries of each estimate, and the noise of all entries."""
    single, full, columns = _gradients()
    rng, clouds, noise = np.random.default_rng(seed), [], []
    for M in SIZES:
        times = rng.multinomial(M, np.full(len(single), 1 / len(single)), DRAWS)  # each sequence is drawn
        estimates = times @ single / M
        clouds.append(estimates[:, columns])
        noise.append(_rms(estimates - full) / np.linalg.norm(full))
    return np.array(clouds), np.array(noise)


def _rms(differences: np.ndarray) -> float:
    return np.sqrt(np.mean(np.sum(differences**2, axis=1)))


def compute(M: int, seed: int) -> dict:
    """Draw mini-batches of M sequences and compare their mean gradients with that of all sequences.

    Parameters
    ----------
    M : int
        Sequences in a mini-batch, 1, 2, 4 ... 256.
    seed : int
        Of the draws.

    Returns
    -------
    dict
        ``cloud`` (200, 2): two entries of each estimate δ; ``full`` (2,): of the gradient of all sequences;
        ``noise`` (9,): root mean square of ‖δ − g‖ / ‖g‖ over the draws, for every size; ``expected`` (9,):
        that of one sequence, divided by √M; ``seconds`` (9,): time of one update; ``at``: the place of M.
    """
    single, full, columns = _gradients()
    clouds, noise = _drawn(seed)
    at = SIZES.index(M)
    one = _rms(single - full) / np.linalg.norm(full)
    return {
        "cloud": clouds[at],
        "full": full[columns],
        "noise": noise,
        "expected": one / np.sqrt(SIZES),
        "seconds": _seconds(),
        "at": at,
    }


def draw(fig: object, arrays: dict) -> dict:
    """Draw the cloud of estimates, the noise by M, and the two costs by M."""
    rows = [["cloud", "noise", "sample"], ["cloud", "noise", "updates"]]
    panels = fig.subplot_mosaic(rows, width_ratios=[1.5, 1.1, 1])
    seconds = arrays["seconds"]
    artists = _draw_cloud(panels["cloud"], arrays) | {"noise": _draw_noise(panels["noise"], arrays)}
    artists["sample"] = _draw_cost(panels["sample"], 1e3 * seconds / SIZES, "time per sample, ms")
    artists["updates"] = _draw_cost(panels["updates"], 1 / seconds, "updates per second")
    panels["sample"].tick_params(labelbottom=False)
    panels["updates"].set_xlabel("sequences $M$")
    return artists


def _draw_cloud(ax: object, arrays: dict) -> dict:
    (x, y), (one, other) = arrays["full"], UNITS
    ax.set(xlim=(x - REACH, x + REACH), ylim=(y - REACH, y + REACH))
    ax.set(xlabel=rf"$\partial E/\partial W_s[{one[0]}, {one[1]}]$")
    ax.set(ylabel=rf"$\partial E/\partial W_s[{other[0]}, {other[1]}]$")
    ax.set_title("● 200 estimates $\\delta$", fontsize=10, color=ESTIMATE, weight="bold", pad=4)
    ax.set_title("+ all sequences, $g$", fontsize=10, color=INK, weight="bold", loc="right", pad=4)
    for line in (ax.axhline, ax.axvline):
        line(0, color=COLORS["grey"], linewidth=0.8)
    cloud = ax.scatter(*arrays["cloud"].T, s=14, color=ESTIMATE, alpha=0.5, linewidths=0)
    (full,) = ax.plot(x, y, "+", color=INK, markersize=16, markeredgewidth=1.8)
    return {"cloud": cloud, "full": full}  # both, though only the cloud moves: what stands still lies below


def _draw_noise(ax: object, arrays: dict) -> dict:
    _by_size(ax)
    ax.set(ylim=(0.04, 2), xlabel="sequences $M$")
    ax.set_yticks([0.05, 0.1, 0.2, 0.5, 1], ["5%", "10%", "20%", "50%", "100%"])
    ax.set_title(r"noise $\|\delta - g\|\,/\,\|g\|$", fontsize=10, pad=4)
    ax.minorticks_off()
    ax.plot(SIZES, arrays["expected"], color=COLORS["grey"], linewidth=1.2)
    ax.text(16, 0.38, r"$\propto 1/\sqrt{M}$", color="#555555")
    (dots,) = ax.plot(SIZES, arrays["noise"], "o", color=ESTIMATE, markersize=5)
    (chosen,) = ax.plot([], [], "o", color=INK, markersize=11, fillstyle="none", markeredgewidth=1.6)
    return {"dots": dots, "chosen": chosen}


def _draw_cost(ax: object, values: np.ndarray, title: str) -> dict:
    _by_size(ax)
    ax.set_title(title, fontsize=10, pad=4)
    ticks = [digit * 10.0**power for power in range(-4, 6) for digit in (1, 3)]
    ax.set_yticks(ticks, [f"{tick:,.10g}" for tick in ticks])
    ax.set_ylim(values.min() / 2, values.max() * 2)  # the times may be measured again, on any machine
    ax.minorticks_off()
    ax.plot(SIZES, values, "s-", color=TIME, markersize=4, linewidth=1.2)
    (chosen,) = ax.plot([], [], "s", color=INK, markersize=10, fillstyle="none", markeredgewidth=1.6)
    return {"chosen": chosen}


def _by_size(ax: object) -> None:
    ax.set(xscale="log", yscale="log", xlim=(0.7, 370))
    ax.set_xticks([1, 4, 16, 64, 256], ["1", "4", "16", "64", "256"])


def move(artists: dict, arrays: dict) -> None:
    """Set the cloud, the measured noise, and the marks at M."""
    at, seconds = arrays["at"], arrays["seconds"]
    M = SIZES[at]
    artists["cloud"].set_offsets(arrays["cloud"])
    artists["noise"]["dots"].set_ydata(arrays["noise"])
    artists["noise"]["chosen"].set_data([M], [arrays["noise"][at]])
    artists["sample"]["chosen"].set_data([M], [1e3 * seconds[at] / M])
    artists["updates"]["chosen"].set_data([M], [1 / seconds[at]])


def words(arrays: dict, M: int, seed: int) -> str:
    """Say noise, prediction and cost."""
    noise, expected, seconds = (arrays[name][arrays["at"]] for name in ("noise", "expected", "seconds"))
    rate = float(f"{1 / seconds:.2g}")
    return (
        f"M = {M}: the estimate is off by {percent(noise)} (1/√M predicts {percent(expected)}). "
        f"One update costs {1e3 * seconds:.2g} ms, {1e3 * seconds / M:.2g} ms a sample: "
        f"{rate:,.0f} updates a second."
    )


def percent(part: float) -> str:
    """Say a part of one, with two digits that matter.

    >>> percent(1.024), percent(0.2559), percent(0.0639)
    ('102%', '26%', '6.4%')
    """
    return f"{100 * part:.0f}%" if part >= 0.0995 else f"{100 * part:.1f}%"


def explorer() -> Explorer:
    """Return the explorer with two sliders, ``M`` and ``seed``."""
    return Explorer(
        compute,
        draw,
        [
            Slider("M", SIZES, 16, label="sequences M in a mini-batch"),
            Slider("seed", range(1, 6), 1, label="draw again, seed"),
        ],
        title="Four times the sequences, half the noise",
        alt="Left, 200 estimates of the gradient, a cloud around that of all sequences, smaller at large M. "
        "Middle, the noise by M on log scales, along the line of 1/√M. Right, time per sample, which falls "
        "and then stays; updates per second, which stay and then fall.",
        move=move,
        words=words,
        presets={"noisy": {"M": 1}, "as fast, less noise": {"M": 16}, "steady but slow": {"M": 256}},
        figsize=(9.0, 4.2),
    )
