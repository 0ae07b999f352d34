"""Several input streams: cells side by side, each with features of x_t and a memory of its own.

    x_t = [x_t(1), x_t(2), ...]        the streams' features, side by side
    s_t = [s_t(1), s_t(2), ...]        s_t(k) is what cell k makes of x_t(k); no cell sees another stream

What comes next sees all of it: Network((Streams((Conv((8, 8)), RNN()), (64, 3), (36, 5)), LSTM())) looks at
a clip of 8 × 8 pixels and at 3 numbers more. Streams that need no cells of their own need no `Streams`: put
their features side by side, and W_x has rows for each.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnlib import _check
from rnnlib.cells.base import Cell, Grads, check_cells, check_entries, check_fixed

__all__ = ["Streams", "StreamsRun"]


class StreamsRun(NamedTuple):
    """What `forward` found out, and `backward` needs.

    output : (T, B, n_s)    the outputs of the cells, side by side
    runs : tuple            the run of each cell
    """

    output: np.ndarray
    runs: tuple

    @property
    def last(self):
        """The last state of each cell: the `s_0` of a run that goes on from here."""
        return tuple(run.last for run in self.runs)

    @property
    def states(self):
        """For each cell, every part of its state at every step, by name."""
        return tuple(run.states for run in self.runs)


@dataclass(frozen=True)
class Streams:
    """Cells side by side. Parameters and states are tuples, with one entry for each cell.

    Parameters
    ----------
    cells : tuple of cells
        One for each stream.
    features : tuple of int
        How many features of x_t each of them sees, in order.
    units : tuple of int
        How many units each of them has.
    """

    cells: tuple[Cell, ...]
    features: tuple[int, ...]
    units: tuple[int, ...]

    def __post_init__(self):
        check_cells(self.cells)
        for name in ("features", "units"):
            check_entries(name, getattr(self, name), self.cells)
            for i, count in enumerate(getattr(self, name)):
                _check.check_count(f"{name}[{i}]", count)

    @property
    def n_x(self):
        """Number of inputs: all features."""
        return sum(self.features)

    @property
    def n_s(self):
        """Number of outputs: all units."""
        return sum(self.units)

    def init(self, rng, n_x=None, n_s=None, dtype=np.float64):
        """Draw parameters, each cell its own way. The choices fix n_x and n_s; given ones must agree."""
        check_fixed(self, n_x, n_s)
        sizes = zip(self.cells, self.features, self.units, strict=True)
        return tuple(cell.init(rng, n_in, n_out, dtype) for cell, n_in, n_out in sizes)

    def step(self, params, s_prev, x_t):
        """One step of every cell, on its features of x_t."""
        parts = zip(self.cells, params, s_prev, _split(x_t, self.features), strict=True)
        return tuple(cell.step(*of_cell) for cell, *of_cell in parts)

    def forward(self, params, x, s_0=None):
        """Run every cell over its features. As `RNN.forward`, with tuples; returns StreamsRun."""
        check_entries("params", params, self.cells)
        s_0 = (None,) * len(self.cells) if s_0 is None else s_0
        check_entries("s_0", s_0, self.cells)
        x = _check.as_array("x", x, "T, B, n_x", (None, None, self.n_x))
        parts = zip(self.cells, params, _split(x, self.features), s_0, strict=True)
        runs = tuple(cell.forward(*of_cell) for cell, *of_cell in parts)
        return StreamsRun(np.concatenate([run.output for run in runs], axis=-1), runs)

    def backward(self, params, run, dE_ds=None, dE_dlast=None):
        """Return the gradients. As `RNN.backward`, with tuples."""
        check_entries("params", params, self.cells)
        dE_dlast = (None,) * len(self.cells) if dE_dlast is None else dE_dlast
        check_entries("dE_dlast", dE_dlast, self.cells)
        _check.check_kind("run", run, StreamsRun)
        check_entries("run", run.runs, self.cells)
        dE_ds = np.zeros_like(run.output) if dE_ds is None else dE_ds
        dE_ds = _check.as_array("dE_ds", dE_ds, "T, B, n_s", (*run.output.shape[:2], self.n_s))
        parts = zip(self.cells, params, run.runs, _split(dE_ds, self.units), dE_dlast, strict=True)
        grads, x, s_0, states = zip(*(cell.backward(*of_cell) for cell, *of_cell in parts), strict=True)
        return Grads(grads, np.concatenate(x, axis=-1), s_0, states)


def _split(array, widths):
    """Return the parts of the last axis, of these widths."""
    return np.split(array, np.cumsum(widths)[:-1], axis=-1)
