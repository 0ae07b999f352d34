"""A simple neuron beside an LSTM neuron, each with its states."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "An LSTM neuron takes the simple neuron's place: two states on the arrow, not one"
ALT = (
    "Left, a simple neuron: s_{t-1} through W_s and x_t through W_x meet at a +, φ makes s_t, and W_y "
    "leads up to y_t. Right, an LSTM neuron, a box that holds σ, tanh, × and +: LTM_{t-1} and "
    "STM_{t-1} enter from the left, x_t from below; LTM_t and STM_t leave to the right, and STM_t is "
    "also the output."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 3.2), layout="constrained")
    diagrams.neurons(ax, TITLE)
    return fig
