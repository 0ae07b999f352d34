"""The cells, one file each: `step` is the equation, `forward` and `backward` are the engine.

Read `base` for what every cell promises, then `rnn`, `lstm` and `gru`; what stands in front of
them is in `conv` and `streams`, and `stepwise` makes a cell of a step of your own.
"""

from rnnlib.cells.base import Cell, Grads
from rnnlib.cells.conv import Conv, ConvParams
from rnnlib.cells.feedforward import Feedforward, FeedforwardParams
from rnnlib.cells.gru import GRU, GRUParams
from rnnlib.cells.lstm import LSTM, LSTMParams, LSTMState
from rnnlib.cells.rnn import RNN, RNNParams
from rnnlib.cells.stepwise import Stepwise
from rnnlib.cells.streams import Streams
from rnnlib.cells.torch_weights import from_torch, to_torch

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Cell",
    "Conv",
    "ConvParams",
    "Feedforward",
    "FeedforwardParams",
    "GRUParams",
    "Grads",
    "LSTMParams",
    "LSTMState",
    "RNNParams",
    "Stepwise",
    "Streams",
    "from_torch",
    "to_torch",
]
