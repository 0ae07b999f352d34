"""Recurrent neural networks you can derive, drag and check.

Read the modules in this order; each uses only those before it:

    activations     phi, and its derivative from its output
    weights         random matrices; W_s with a wanted spectral radius
    cells           the equations (`step`) and the engine (`forward`, `backward`)
    network         cells stacked, and the readout y_t = s_t W_y
    translation     from sequence to sequence: an encoder and a decoder
    losses          the error E and ∂E/∂y, with masks for unequal lengths
    optim           gradient descent, momentum, Adam; clipping by norm
    training        `fit`: all of it in a loop
    saving          a trained network in a file, and back
    gradients       are the gradients right, and how far back do they reach?
    bptt            what a gradient costs; a part of it; a mini-batch taken apart
    paths           every path from a weight to the error, listed or only counted
    symbolic        the formulas, derived by SymPy (import it by name: SymPy is large)
    tasks           made-up tasks that ask for memory
    data            small real data sets, with their sources

Pictures are in `diagrams` and `explorers`, long measurements in `experiments`; import them by name.

Arrays are time-major, (T, B, n): steps, sequences, features. States have T+1 rows, and row 0 is the
initial state. So s[t] is s_t, but x[t-1] and y[t-1] are x_t and y_t.
"""

from rnnlib import (
    activations,
    bptt,
    cells,
    data,
    gradients,
    losses,
    network,
    optim,
    paths,
    saving,
    tasks,
    training,
    translation,
    weights,
)
from rnnlib.cells import (
    GRU,
    LSTM,
    RNN,
    Conv,
    ConvParams,
    Feedforward,
    FeedforwardParams,
    GRUParams,
    LSTMParams,
    LSTMState,
    RNNParams,
    Stepwise,
    Streams,
)
from rnnlib.losses import Readouts, cross_entropy, last_step_mask, mask_from_lengths, squared_error
from rnnlib.network import Network, NetworkParams
from rnnlib.optim import SGD, Adam, Momentum, clip_by_norm, clip_by_value
from rnnlib.saving import load, save
from rnnlib.training import Batch, History, fit
from rnnlib.translation import EncoderDecoder, EncoderDecoderParams, Pair, one_hot, taught

__version__ = "0.1.0"

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "SGD",
    "Adam",
    "Batch",
    "Conv",
    "ConvParams",
    "EncoderDecoder",
    "EncoderDecoderParams",
    "Feedforward",
    "FeedforwardParams",
    "GRUParams",
    "History",
    "LSTMParams",
    "LSTMState",
    "Momentum",
    "Network",
    "NetworkParams",
    "Pair",
    "RNNParams",
    "Readouts",
    "Stepwise",
    "Streams",
    "activations",
    "bptt",
    "cells",
    "clip_by_norm",
    "clip_by_value",
    "cross_entropy",
    "data",
    "fit",
    "gradients",
    "last_step_mask",
    "load",
    "losses",
    "mask_from_lengths",
    "network",
    "one_hot",
    "optim",
    "paths",
    "save",
    "saving",
    "squared_error",
    "taught",
    "tasks",
    "training",
    "translation",
    "weights",
]
