"""The five shapes of a sequence task."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "The task decides at which steps there is an input or an output"
ALT = (
    "Five small unfolded networks. One-to-one: one input, one state, one output. One-to-many: an input "
    "at the first of three steps, an output at each. Many-to-one: an input at each step, an output at "
    "the last. Many-to-many aligned: both at each step. Many-to-many delayed: inputs at steps 1 and 2, "
    "outputs at 3 and 4."
)


def figure():
    fig = plt.figure(figsize=(7.2, 2.5))
    diagrams.sequence_shapes(fig)
    return fig
