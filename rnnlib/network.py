"""Cells stacked, and a readout: y_t = s_t W_y (+ b_y), where s_t is the output of the last cell.

The first cell sees x, each other cell the output of the one below it. A network asks nothing of a
cell but the protocol in `cells.base`; its runs and gradients have one entry for each cell, first
cell first. `forward_stack` and `backward_stack` are the cells without the readout.

Several input streams are a first cell made of cells side by side, `cells.streams`. Several readouts are
columns side by side in y, each with a loss of its own, `losses.Readouts`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnlib import _check
from rnnlib.cells.base import Cell, Grads, check_cells, check_entries
from rnnlib.cells.rnn import RNN
from rnnlib.weights import glorot

__all__ = [
    "Network",
    "NetworkGrads",
    "NetworkParams",
    "NetworkRun",
    "backward_stack",
    "forward_stack",
    "init_stack",
]


class NetworkParams(NamedTuple):
    """cells : tuple, one entry for each cell;  W_y : (n_s, n_y);  b_y : (n_y,) or None."""

    cells: tuple
    W_y: np.ndarray
    b_y: np.ndarray | None = None


class NetworkRun(NamedTuple):
    """What `forward` found out, and `backward` needs.

    y : (T, B, n_y)    the outputs; y[t-1] is y_t
    runs : tuple       the run of each cell
    """

    y: np.ndarray
    runs: tuple

    @property
    def output(self):
        """The outputs y, by the name that the runs of cells use."""
        return self.y

    @property
    def last(self):
        """The last state of each cell: the `s_0` of a run that goes on from here."""
        return tuple(run.last for run in self.runs)


class NetworkGrads(NamedTuple):
    """The gradient of E with respect to all that went into `forward`, and to every state.

    params : NetworkParams
    x : (T, B, n_x)
    s_0 : tuple       for each cell, of the form of its state
    states : tuple    for each cell, like its `run.states`
    """

    params: NetworkParams
    x: np.ndarray
    s_0: tuple
    states: tuple


@dataclass(frozen=True)
class Network:
    """Stacked cells with a linear readout.

    Parameters
    ----------
    cells : tuple of cells
        First the one that sees x.
    bias_y : bool
        Add b_y to the output.
    """

    cells: tuple[Cell, ...] = (RNN(),)
    bias_y: bool = False

    def __post_init__(self):
        check_cells(self.cells)

    def init(self, rng, n_x, n_s, n_y, dtype=np.float64):
        """Draw parameters: each cell its own way, W_y Glorot normal, b_y zero.

        Parameters
        ----------
        rng : numpy.random.Generator
        n_x, n_y : int
            Number of inputs and of outputs.
        n_s : int or tuple of int
            Number of units of every cell, or of each. `Conv` and `Streams` have an `n_s` of their own.
        dtype : float32 or float64

        Returns
        -------
        NetworkParams
        """
        n_y = _check.check_count("n_y", n_y)
        cells, n_last = init_stack(self.cells, rng, n_x, n_s, dtype)
        b_y = np.zeros(n_y, dtype) if self.bias_y else None
        return NetworkParams(cells, glorot(rng, n_last, n_y, dtype), b_y)

    def forward(self, params, x, s_0=None):
        """Run over all steps.

        Parameters
        ----------
        params : NetworkParams
        x : (T, B, n_x) array
        s_0 : tuple, optional
            For each cell its initial state, or None for zeros.

        Returns
        -------
        NetworkRun

        Raises
        ------
        TypeError, ValueError
            For arrays of a wrong kind or shape, or with values that are not finite.
        FloatingPointError
            When a state overflows.
        """
        self._check_params(params)
        runs = forward_stack(self.cells, params.cells, x, s_0)
        return NetworkRun(self._readout(params, runs[-1].output), runs)

    def backward(self, params, run, dE_dy=None, dE_dlast=None):
        """Send ∂E/∂y back through the readout and the cells, last cell first.

        Parameters
        ----------
        params : NetworkParams
            Those of the forward pass.
        run : NetworkRun
        dE_dy : (T, B, n_y) array, optional
            Zero if not given.
        dE_dlast : tuple, optional
            For each cell a gradient that enters at its last state, or None.

        Returns
        -------
        NetworkGrads
        """
        self._check_params(params)
        dE_dW_y, dE_db_y, dE_ds = self._readout_backward(params, run, dE_dy)
        grads = backward_stack(self.cells, params.cells, run.runs, dE_ds, dE_dlast)
        return NetworkGrads(NetworkParams(grads.params, dE_dW_y, dE_db_y), *grads[1:])

    def _readout(self, params, s):
        W_y, b_y = self._readout_params(params, s)
        y = s @ W_y
        return y if b_y is None else y + b_y

    def _readout_params(self, params, s):
        W_y = _check.as_array("W_y", params.W_y, "n_s, n_y", (s.shape[-1], None), s.dtype)
        if not self.bias_y:
            return W_y, None
        return W_y, _check.as_array("b_y", params.b_y, "n_y", (W_y.shape[1],), s.dtype)

    def _readout_backward(self, params, run, dE_dy):
        s = run.runs[-1].output
        W_y, _ = self._readout_params(params, s)
        if dE_dy is None:
            dE_dy = np.zeros_like(run.y)
        dE_dy = _check.as_array("dE_dy", dE_dy, "T, B, n_y", run.y.shape, s.dtype)
        flat = dE_dy.reshape(-1, dE_dy.shape[-1])
        dE_dW_y = s.reshape(len(flat), -1).T @ flat
        return dE_dW_y, flat.sum(axis=0) if self.bias_y else None, dE_dy @ W_y.T

    def _check_params(self, params):
        _check.check_kind("params", params, NetworkParams)
        if (params.b_y is not None) != self.bias_y:
            got, expected = ("None", "an array") if self.bias_y else ("an array", "None")
            raise ValueError(f"b_y is {got}; expected {expected}, since bias_y={self.bias_y}")


def init_stack(cells, rng, n_x, n_s, dtype=np.float64):
    """Draw parameters of stacked cells, as `Network.init`; return them and the number of the last outputs."""
    widths = n_s if isinstance(n_s, (tuple, list)) else (n_s,) * len(cells)
    check_entries("n_s", widths, cells)
    sizes = zip(cells, (n_x, *widths), widths, strict=False)
    return tuple(cell.init(rng, n_in, n_out, dtype) for cell, n_in, n_out in sizes), widths[-1]


def forward_stack(cells, params, x, s_0=None):
    """Run stacked cells over all steps, each on the output of the one below; return their runs."""
    check_entries("params.cells", params, cells)
    s_0 = (None,) * len(cells) if s_0 is None else s_0
    check_entries("s_0", s_0, cells)
    runs = []
    for cell, cell_params, start in zip(cells, params, s_0, strict=True):
        runs.append(cell.forward(cell_params, runs[-1].output if runs else x, start))
    return tuple(runs)


def backward_stack(cells, params, runs, dE_ds=None, dE_dlast=None):
    """Send ∂E/∂(last cell's output) back through stacked cells; return `Grads`, one entry for each cell."""
    check_entries("params.cells", params, cells)
    dE_dlast = (None,) * len(cells) if dE_dlast is None else dE_dlast
    check_entries("dE_dlast", dE_dlast, cells)
    grads = []
    for layer in reversed(list(zip(cells, params, runs, dE_dlast, strict=True))):
        cell, cell_params, run, last = layer
        grads.append(cell.backward(cell_params, run, grads[-1].x if grads else dE_ds, last))
    of_params, _, of_s_0, of_states = zip(*reversed(grads), strict=True)
    return Grads(of_params, grads[-1].x, of_s_0, of_states)
