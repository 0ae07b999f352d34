"""One picture of each real data set, for the lessons that only want to show what sequences look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnlib import data
from rnnlib.colors import COLORS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def thumbnails(fig: Figure) -> None:
    """Draw a spoken vowel, two gestures, the sunspots and a stock price; needs about 8 × 4.6 inches."""
    (speech, gesture), (sun, share) = fig.subplots(2, 2)
    _vowel(speech)
    _gestures(gesture)
    sunspots, stocks = data.load_sunspots(), data.load_stocks()
    sun.plot(sunspots.times, sunspots.values, color=COLORS["x"])
    sun.set(title="Sun: spots come and go", xlabel="year", ylabel="sunspot number")
    share.plot(stocks.times, stocks.values[:, stocks.names.index("MSFT")], color=COLORS["x"])
    share.set(title="Market: a stock price wanders", xlabel="year", ylabel="MSFT price (USD)")


def _vowel(ax: Axes) -> None:
    vowels = data.load_japanese_vowels()
    frames = vowels.train_x[: vowels.train_lengths[0], 0]
    # The first coefficient is far larger than the others; each row is shown on its own scale.
    scaled = (frames - frames.mean(axis=0)) / frames.std(axis=0)
    n_x = scaled.shape[1]
    ax.imshow(scaled.T, aspect="auto", cmap="viridis", extent=(0.5, len(scaled) + 0.5, n_x + 0.5, 0.5))
    ax.set(title=f"Speech: one vowel, {n_x} features a frame", xlabel="frame t", ylabel="feature")
    ax.set(yticks=[1, n_x // 2, n_x], xticks=[1, *range(5, len(scaled) + 1, 5)])


def _gestures(ax: Axes) -> None:
    gestures = data.load_gun_point()
    for label, (name, line) in enumerate(zip(gestures.classes, ("-", "--"), strict=True)):
        example = int(np.argmax(gestures.train_labels == label))
        ax.plot(gestures.train_x[:, example, 0], line, color=COLORS["x"], label=name)
    ax.set(title="Gesture: a hand followed on video", xlabel="frame t", ylabel="hand position (scaled)")
    ax.legend(frameon=False)
