"""The compact diagram of a simple RNN."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "Folded: the state feeds itself"
ALT = (
    "An input square x_t points up to a state circle s_t through W_x; the circle points up to an output "
    "square y_t through W_y. A loop labelled W_s leaves the circle and returns to it one step later."
)


def figure():
    fig, ax = plt.subplots(figsize=(2.6, 2.7), layout="constrained")
    diagrams.folded(ax, TITLE)
    return fig
