"""The cells, one file each: `step` is the equation, `forward` and `backward` are the engine.

Read `base` for what every cell promises, then `rnn`, `lstm` and `gru`.
"""

from rnnlib.cells.base import Cell, Grads
from rnnlib.cells.feedforward import Feedforward, FeedforwardParams
from rnnlib.cells.gru import GRU, GRUParams
from rnnlib.cells.lstm import LSTM, LSTMParams, LSTMState
from rnnlib.cells.rnn import RNN, RNNParams
from rnnlib.cells.torch_weights import from_torch, to_torch

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Cell",
    "Feedforward",
    "FeedforwardParams",
    "GRUParams",
    "Grads",
    "LSTMParams",
    "LSTMState",
    "RNNParams",
    "from_torch",
    "to_torch",
]
