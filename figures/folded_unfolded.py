"""Both diagrams of one network side by side, at the same scale."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "One network, drawn twice: the loop is the row of arrows"
ALT = (
    "Left, folded: x_t, s_t and y_t with a loop W_s at the state. Right, unfolded for four steps: four "
    "columns of x, s and y, the states joined by arrows from s_0 to s_4. W_x, W_s and W_y have the same "
    "colors in both."
)


def figure():
    fig = plt.figure(figsize=(7.2, 3.0))
    diagrams.folded_and_unfolded(fig, 4, TITLE)
    return fig
