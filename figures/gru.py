"""The gated recurrent unit with every σ, tanh, × and +."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "A GRU: one memory, two gates"
ALT = (
    "The joined vector of s_{t-1} and x_t feeds two mini-nets: update makes z_t, reset makes r_t. The "
    "vector of r_t times s_{t-1}, joined with x_t, feeds a tanh that makes N_t. The sum of z_t times "
    "s_{t-1} and 1 − z_t times N_t is s_t, which is also the output."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 4.8), layout="constrained")
    diagrams.gru(ax, title=TITLE)
    return fig
