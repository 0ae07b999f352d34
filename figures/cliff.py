"""The error over b for five weights w: a slope that becomes a wall."""

import matplotlib.pyplot as plt
import numpy as np

from rnnlib.colors import COLORS
from rnnlib.experiments.cliff import B_RANGE, error, wall

TITLE = "As w grows, the slope becomes a wall"
ALT = (
    "Error by b for w = 3, 4, 5, 6 and 7. For w = 3 it falls gently from 0.46 to 0 and rises a little. For "
    "larger w it falls farther left and more steeply: at w = 5, 6 and 7 it drops straight down to 0, near "
    "b = -2.6, -3.2 and -3.9, and stands beside that on a floor below 0.09."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 3.4), layout="constrained")
    fig.suptitle(TITLE, x=0.01, ha="left", weight="bold")
    ax.set(xlim=B_RANGE, ylim=(-0.01, 0.55), xlabel="$b$", ylabel="error $E$")
    near = np.logspace(-13, -0.5, 60)
    for w, shade in zip((3, 4, 5, 6, 7), np.linspace(0.4, 1, 5), strict=True):
        b = np.sort(np.concatenate([np.linspace(*B_RANGE, 150), wall(w) - near, wall(w) + near]))
        b = b[(b >= B_RANGE[0]) & (b <= B_RANGE[1])]
        ax.plot(b, error(np.full(len(b), float(w)), b), color=COLORS["W_s"], alpha=shade, linewidth=1.6)
        ax.text(wall(w), 0.48, f"$w = {w}$", color=COLORS["W_s"], ha="center", weight="bold")
    return fig
