"""The simple RNN written out for eight time steps."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "Unfolded: the same three weights at every step"
ALT = (
    "Eight columns, one a time step. In each, an input square points up to a state circle through W_x "
    "and the circle to an output square through W_y. Arrows labelled W_s join the circles from s_0 to "
    "s_8."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 2.6), layout="constrained")
    diagrams.unfolded(ax, 8, TITLE)
    return fig
