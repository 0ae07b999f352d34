"""Three steps of an LSTM layer: the same box, two states on the arrow."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "Unfolded: the same box at every step, two states on the arrow"
ALT = (
    "Three boxes named LSTM in a row. LTM_0 and STM_0 enter the first one, with x_1 from below; LTM_1 and "
    "STM_1 leave it and enter the second one, and so on to LTM_3 and STM_3."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 2.8), layout="constrained")
    diagrams.unfolded_lstm(ax, title=TITLE)
    return fig
