"""What the cells with gates share: the row that every gate sees, gates side by side, held gates.

Every gate multiplies the same row [s_{t-1}, x_t] by weights of its own. So the rows of all steps stand
in one array with a last column of ones, for the biases; the weights of several gates are stacked, and
one product a step feeds them all. Each gate has a *plane* of its own, (T, B, n_s), so that its values
over time can be read, plotted and multiplied as they are.
"""

import math

import numpy as np

from rnnlib import _check
from rnnlib.activations import sigmoid
from rnnlib.weights import glorot, orthogonal

__all__ = [
    "as_state",
    "block",
    "check_run",
    "checked",
    "checked_hold",
    "gate",
    "gate_weights",
    "open_gates",
    "rows",
    "stacked",
    "transposed",
]


np.empty(2**25 - 2**16, np.uint8)
"""Nobody fills it. Linux's malloc gives free memory back once there is more than twice the largest piece that
it has seen come and go, up to 32 MB; having seen this one, it keeps what a training step frees for the next.
Without it an LSTM of 64 units fetched 1,500 pages again in every step, a third of its time."""


def gate_weights(rng, n_x, n_s, dtype):
    """Draw the weights of one gate, (n_s + n_x, n_s): orthogonal on the state, Glorot on the input."""
    return np.concatenate([orthogonal(rng, n_s, dtype), glorot(rng, n_x, n_s, dtype)])


def checked_hold(hold, gates):
    """Return a copy; refuse to hold what is no gate of the cell, or at a value that no gate can have."""
    if not isinstance(hold, dict):
        raise TypeError(f"hold is {hold!r}; expected a dict such as {{{gates[0]!r}: 1.0}}")
    for gate, value in hold.items():
        if gate not in gates:
            raise ValueError(f"hold names the gate {gate!r}; expected one of {', '.join(gates)}")
        if not isinstance(value, (int, float, np.number)) or not 0 <= value <= 1:
            raise ValueError(f"hold[{gate!r}] is {value!r}; expected a number from 0 to 1")
    return dict(hold)


def checked(params, kind, axes):
    """Return the parameters with everything checked, n_s and n_x; W_n acts on [s_{t-1}, x_t]."""
    params = _check.as_params(params, kind, axes)
    n_s, n_x = len(params.b_n), len(params.W_n) - len(params.b_n)
    if n_x < 1:
        raise ValueError(f"W_n has shape {params.W_n.shape}; expected (n_s + n_x, n_s) with n_x >= 1")
    return params, n_s, n_x


def check_run(run, n_s, n_x):
    """Refuse the run of another cell."""
    steps = (len(run.gates) + 1, run.gates.shape[2])
    _check.check_shape("run.seen", run.seen.shape, "T+1, B, n_s + n_x + 1", (*steps, n_s + n_x + 1))


def gate(cell, name, z):
    """Return σ(z), or the value at which the cell holds this gate."""
    return np.full_like(z, cell.hold[name]) if name in cell.hold else sigmoid(z)


def as_state(name, state, kind, B, n_s, dtype):
    """Return a state of several parts with every part checked; zeros for None."""
    if state is None:
        return kind(*np.zeros((len(kind._fields), B, n_s), dtype))
    if not isinstance(state, kind):
        expected = f"{kind.__name__}({', '.join(kind._fields)})"
        raise TypeError(f"{name} is of type {type(state).__name__}; expected {expected}")
    parts = ((f"{name}.{field}", part) for field, part in zip(kind._fields, state, strict=True))
    return kind(*(_check.as_array(label, part, "B, n_s", (B, n_s), dtype) for label, part in parts))


def block(dtype, *shapes):
    """Return new arrays of these shapes, all cut from one piece of memory.

    Many smaller pieces would be handed back to the operating system after every training step, and
    fetching them again can cost as much as computing with them.
    """
    sizes = [math.prod(shape) for shape in shapes]
    memory, parts, start = np.empty(sum(sizes), dtype), [], 0
    for shape, size in zip(shapes, sizes, strict=True):
        parts.append(memory[start : start + size].reshape(shape))
        start += size
    return parts


def rows(seen, x, n_s):
    """Fill `seen` (T+1, B, n_s + n_x + 1) but for the states: row t is [s_t, x_{t+1}, 1]."""
    seen[:-1, :, n_s:-1] = x
    seen[-1, :, n_s:-1] = 0  # nothing follows the last state
    seen[..., -1] = 1


def stacked(weights, biases):
    """Return (gates, n_s + n_x + 1, n_s): the weights of each gate with its bias as the last row."""
    stack = np.empty((len(weights), len(weights[0]) + 1, len(biases[0])), biases[0].dtype)
    for gate, W, b in zip(stack, weights, biases, strict=True):
        gate[:-1], gate[-1] = W, b
    return stack


def transposed(weights):
    """Return (gates, columns, rows): the transposed matrices, copied to be read row by row."""
    return np.array([W.T for W in weights], order="C")


def open_gates(minus_z, one):
    """Turn −z into σ(z) = 1 / (1 + e^−z), in place: gates for which −z was computed save a pass.

    Where e^−z overflows, the result is 0. `one` is an array: NumPy would convert a number in every step.
    """
    np.exp(minus_z, out=minus_z)
    np.add(minus_z, one, out=minus_z)
    np.divide(one, minus_z, out=minus_z)
