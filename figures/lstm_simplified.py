"""The LSTM as four boxes, one a gate."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "Four gates share the work, and two memories pass through"
ALT = (
    "STM_{t-1} and the input x_t are joined to one vector, which the gates forget, learn and use see. "
    "LTM_{t-1} passes through forget to remember, which adds what learn lets in and makes LTM_t. The "
    "use gate sees LTM_t and makes STM_t, which is also the output."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 3.8), layout="constrained")
    diagrams.simplified_lstm(ax, title=TITLE)
    return fig
