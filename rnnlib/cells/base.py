"""What every cell promises. Network, training and gradients use nothing else of a cell.

A cell is a frozen dataclass of choices. Its parameters, its states and what its backward pass needs
are named tuples; nothing is ever changed in place.

    params = cell.init(rng, n_x, n_s)
    s_t = cell.step(params, s_prev, x_t)                    the equation of one step
    run = cell.forward(params, x, s_0)                      all steps, fast
    grads = cell.backward(params, run, dE_ds, dE_dlast)     all gradients, fast

The *state* is what a cell hands to its next step: the array s of an RNN, or a named tuple of arrays
where there are several, (LTM, STM) in an LSTM. `s_0`, `run.last`, `dE_dlast` and `grads.s_0` have
that form, and arrays of shape (B, n_s). `run.states` and `grads.states` are always named tuples of
arrays of shape (T+1, B, n_s), one for each part of the state: RNNStates(s) in an RNN, a GRU and the
layers without memory, LSTMState(LTM, STM). The last part is the output.

The *output* of a cell, `run.output`, is what the next layer or the readout sees: s_1 ... s_T, of
shape (T, B, n_s). `dE_ds` is the gradient with respect to it.

Most cells take any n_x and n_s. `Conv` and `Streams` know theirs: they are the properties `n_x` and
`n_s` of the cell. `Streams` is several cells side by side: its parameters, its state, `run.states` and
`grads.states` are tuples with one entry for each of them, and its output is all their outputs.
"""

from typing import NamedTuple, Protocol

import numpy as np

from rnnlib import _check

__all__ = ["Cell", "Grads", "check_cells", "check_entries", "check_fixed", "incoming"]


class Grads(NamedTuple):
    """The gradient of E with respect to all that went into `forward`, and to every state.

    params : of the type of the parameters
    x : (T, B, n_x)
    s_0 : of the form of a state, (B, n_s)
    states : like `run.states`, (T+1, B, n_s)    ∂E/∂s_t, t = 0..T, over all later paths
    """

    params: tuple
    x: np.ndarray
    s_0: object
    states: tuple


class Cell(Protocol):
    """The protocol; see the module's docstring."""

    def init(self, rng, n_x, n_s, dtype=np.float64):
        """Draw parameters for n_x inputs and n_s units."""

    def step(self, params, s_prev, x_t):
        """Return the state after one step: (B, n_s) from (B, n_s) and (B, n_x)."""

    def forward(self, params, x, s_0=None):
        """Run over x (T, B, n_x) from s_0 (zeros if None); return the run."""

    def backward(self, params, run, dE_ds=None, dE_dlast=None):
        """Return `Grads`, given ∂E/∂output (T, B, n_s) and ∂E/∂(last state), None for zero."""


def incoming(out, name, s, dE_ds, dE_dlast):
    """Fill `out` (T+1, B, n_s) with what enters at every state from outside the recurrence; return it.

    It checks that the run belongs to the cell: its states s, called `name`, have n_s units.
    """
    _check.check_shape(name, s.shape, "T+1, B, n_s", out.shape)
    shape = out[1:].shape
    out[0] = 0
    out[1:] = 0 if dE_ds is None else _check.as_array("dE_ds", dE_ds, "T, B, n_s", shape, out.dtype)
    if dE_dlast is not None:
        out[-1] += _check.as_array("dE_dlast", dE_dlast, "B, n_s", out[-1].shape, out.dtype)
    return out


def check_cells(cells):
    """Refuse what is not a tuple of at least one cell."""
    if not isinstance(cells, tuple) or not cells:
        raise TypeError(f"cells is {cells!r}; expected a tuple of at least one cell")
    for cell in cells:
        if isinstance(cell, type) or not hasattr(cell, "forward"):
            raise TypeError(f"cells has {cell!r}; expected cells, such as RNN()")


def check_entries(name, entries, cells):
    """Refuse what does not have one entry for each cell."""
    if not isinstance(entries, (tuple, list)) or len(entries) != len(cells):
        got = f"{len(entries)} entries" if isinstance(entries, (tuple, list)) else type(entries).__name__
        raise ValueError(f"{name} has {got}; expected a tuple of {len(cells)}, one for each cell")


def check_fixed(cell, n_x, n_s):
    """Refuse sizes that a cell does not have whose choices fix them; None stands for its own."""
    for name, got, own in (("n_x", n_x, cell.n_x), ("n_s", n_s, cell.n_s)):
        if got is not None and got != own:
            raise ValueError(f"{name} is {got}; expected {own}, which follows from {cell}")
