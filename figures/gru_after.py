"""The gated recurrent unit whose reset comes after the product, with every σ, tanh, × and +."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "A GRU that resets after the product, as PyTorch does"
ALT = (
    "The joined vector of s_{t-1} and x_t feeds two mini-nets: update makes z_t, reset makes r_t. s_{t-1} "
    "times W_ns, plus the bias b_ns, is multiplied by r_t; x_t times W_nx is added, and the tanh of the sum "
    "is N_t. The sum of z_t times s_{t-1} and 1 − z_t times N_t is s_t, which is also the output."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 4.8), layout="constrained")
    diagrams.gru(ax, reset="after", title=TITLE)
    return fig
