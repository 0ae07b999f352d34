"""The cells, one file each: `step` is the equation, `forward` and `backward` are the engine.

Read `base` for what every cell promises, then `rnn`.
"""

from rnnlib.cells.base import Cell, Grads
from rnnlib.cells.feedforward import Feedforward, FeedforwardParams
from rnnlib.cells.rnn import RNN, RNNParams

__all__ = ["RNN", "Cell", "Feedforward", "FeedforwardParams", "Grads", "RNNParams"]
