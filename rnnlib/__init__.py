"""Recurrent neural networks you can derive, drag and check.

Read the modules in this order; each uses only those before it:

    activations     phi, and its derivative from its output
    cells           the equations (`step`) and the engine (`forward`, `backward`)
    network         cells stacked, and the readout y_t = s_t W_y
    losses          the error E and ∂E/∂y, with masks for unequal lengths
    optim           gradient descent, momentum, Adam; clipping by norm
    training        `fit`: all of it in a loop
    gradients       are the gradients right, and how far back do they reach?

Arrays are time-major, (T, B, n): steps, sequences, features. States have T+1 rows, and row 0 is the
initial state.
"""

from rnnlib import activations, cells, gradients, losses, network
from rnnlib.cells import RNN, Feedforward, RNNParams
from rnnlib.losses import cross_entropy, last_step_mask, mask_from_lengths, squared_error
from rnnlib.network import Network, NetworkParams

__version__ = "0.1.0"

__all__ = [
    "RNN",
    "Feedforward",
    "Network",
    "NetworkParams",
    "RNNParams",
    "activations",
    "cells",
    "cross_entropy",
    "gradients",
    "last_step_mask",
    "losses",
    "mask_from_lengths",
    "network",
    "squared_error",
]
