"""A net without memory, sliding a window along its input."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "A window net sees 3 inputs and nothing older"
ALT = (
    "Eight input squares in a row. A dashed window frames x_4, x_5 and x_6, whose arrows lead up to one "
    "hidden layer and from there to the output y_6. The inputs x_1 to x_3 are out of sight, x_7 and x_8 "
    "still to come."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 3.2), layout="constrained")
    diagrams.window_net(ax, T=8, w=3, t=6, title=TITLE)
    return fig
