"""The equations of N steps as tables of SymPy matrices: what is given, what is computed from what.

All functions take the `RNN` of `unrolled`, and most remember what they found.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import sympy as sp

from rnnlib import _check
from rnnlib.symbolic.notation import PHIS, matrix, slope

__all__ = ["is_vector", "numbers", "renamed", "system", "wholes", "written_out"]


class Step(NamedTuple):
    """One equation: symbols = value; what it sees, what weighs it, and for a state its argument of phi."""

    symbols: sp.Matrix
    value: sp.Matrix
    inputs: tuple
    weights: tuple = ()
    z_symbols: sp.Matrix | None = None
    z: sp.Matrix | None = None


class System(NamedTuple):
    """All weights, given nodes and steps by name."""

    weights: dict
    given: dict
    steps: dict


class WrittenOut(NamedTuple):
    """E_N in terms of what is given, (1, 1), and how to give what it is made of its names again."""

    error: sp.Matrix
    names: dict


@cache
def system(net):
    """Return all equations of a net, in the order in which it computes."""
    N, weights, given, steps = net.N, _weights(net), _given(net), {}
    for t in range(1, N + 1):
        below = f"x_{t}"
        for mark in _marks(net):
            nodes = given | {name: step.symbols for name, step in steps.items()}
            steps[f"s{mark}_{t}"] = _state(net, weights, nodes, mark, t, below)
            below = f"s{mark}_{t}"
    y = matrix(f"y_{N}", 1, net.n_y)
    steps[f"y_{N}"] = Step(y, steps[below].symbols @ weights["W_y"], (below,), ("W_y",))
    e = y - given[f"d_{N}"]
    steps[f"E_{N}"] = Step(matrix(f"E_{N}", 1, 1), e @ e.T / 2, (f"y_{N}",))
    return System(weights, given, steps)


def is_vector(net):
    """Whether anything in the net is more than a single number."""
    return max(net.n_x, net.n_s, net.n_y) > 1


def _marks(net):
    """What is added to the names of each layer."""
    return ["(1)", "(2)"] if net.layers == 2 else [""]


def _weights(net):
    shapes, n_in = {}, net.n_x
    for mark in _marks(net):
        shapes |= {f"W_x{mark}": (n_in, net.n_s), f"W_s{mark}": (net.n_s, net.n_s)}
        shapes |= {f"b_s{mark}": (1, net.n_s)} if net.bias else {}
        n_in = net.n_s
    shapes["W_y"] = (net.n_s, net.n_y)
    return {name: matrix(name, *shape) for name, shape in shapes.items()}


def _given(net):
    sizes = {f"x_{t}": net.n_x for t in range(1, net.N + 1)} | {f"d_{net.N}": net.n_y}
    sizes |= {f"s{mark}_0": net.n_s for mark in _marks(net)}
    return {name: matrix(name, 1, size) for name, size in sizes.items()}


def _state(net, weights, nodes, mark, t, below):
    previous = f"s{mark}_{t - 1}"
    used = tuple(f"{name}{mark}" for name in ("W_x", "W_s", "b_s")[: 2 + net.bias])
    z = nodes[below] @ weights[used[0]] + nodes[previous] @ weights[used[1]]
    z = z + weights[used[2]] if net.bias else z
    symbols, z_symbols = (matrix(f"{letter}{mark}_{t}", 1, net.n_s) for letter in "sz")
    return Step(symbols, z.applyfunc(PHIS[net.phi]), (below, previous), used, z_symbols, z)


@cache
def written_out(net):
    """Put every equation into the next."""
    everything, values, names = system(net), {}, {}
    for name, step in everything.steps.items():
        value = step.value.xreplace(values)
        if step.z is not None:
            names |= renamed(step, step.z.xreplace(values), value)
        elif name == f"y_{net.N}":  # only y_N − d_N, a single sum, is found again
            d = everything.given[f"d_{net.N}"]
            names |= zip(value - d, step.symbols - d, strict=True)
        values |= zip(step.symbols, value, strict=True)
    return WrittenOut(value, names)


def renamed(step, z, value):
    """Return the names: phi(z) is the state, and phi'(z) gets the name of its argument."""
    slopes = zip(map(slope, z), map(slope, step.z_symbols), strict=True)
    return dict((*zip(value, step.symbols, strict=True), *slopes))


@cache
def wholes(net):
    """Return what stays whole when a gradient is multiplied out, y_N − d_N and phi', each with a symbol."""
    steps, given = system(net).steps, system(net).given
    states = [s for step in steps.values() if step.z is not None for s in step.symbols]
    slopes = [part for s in states for part in (1 - s, 1 - s**2)]
    error = steps[f"y_{net.N}"].symbols - given[f"d_{net.N}"]
    return {expression: sp.Dummy() for expression in (*slopes, *error)}


def numbers(net, params, x, d, s_0):
    """Return the number of every symbol; see `RNN.numbers`."""
    everything, known = system(net), {}
    arrays = _arrays(net, params, x, d, s_0)
    for name, symbols in (everything.weights | everything.given).items():
        array = np.atleast_2d(_check.as_real(name, arrays[name], np.float64))
        _check.check_shape(name, array.shape, "rows, columns", symbols.shape)
        known |= zip(symbols, map(sp.Float, array.ravel().tolist()), strict=True)
    for step in everything.steps.values():
        known |= zip(step.symbols, step.value.xreplace(known).evalf(), strict=True)
    return known


def _arrays(net, params, x, d, s_0):
    """Everything that goes in, by the name that it has here."""
    x = _check.as_array("x", x, "N, 1, n_x", (net.N, 1, net.n_x))
    d = _check.as_array("d", d, "N, 1, n_y", (net.N, 1, net.n_y))
    for name, parts in (("params.cells", params.cells), ("s_0", s_0)):
        if len(parts) != net.layers:
            raise ValueError(f"{name} has {len(parts)} entries; expected {net.layers}, one for each layer")
    arrays = {"W_y": params.W_y, f"d_{net.N}": d[-1]} | {f"x_{t}": x_t for t, x_t in enumerate(x, 1)}
    biases = {} if params.b_y is None else {"b_y": params.b_y}
    for mark, cell, start in zip(_marks(net), params.cells, s_0, strict=True):
        arrays |= {f"{name}{mark}": array for name, array in cell._asdict().items()}
        arrays[f"s{mark}_0"] = np.zeros(net.n_s) if start is None else start
        biases |= {} if net.bias else {f"b_s{mark}": cell.b_s}
    for name, array in biases.items():
        if np.any(array):
            raise ValueError(f"{name} is {array}; expected zeros, since the equations have no {name}")
    return arrays
