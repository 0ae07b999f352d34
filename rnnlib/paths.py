"""Backpropagation through time the long way: every path from a weight to E_N, one by one.

`Unfolded` is the network written out in time, N steps of L simple RNNs. A weight enters at every step; from
there each arrow, one step later or one layer up, leads on until y_N and E_N. A path is one choice of arrows.
It contributes the product of the derivatives along it; the last one is the immediate derivative ∂⁺, which
holds all earlier states fixed (Pascanu, Mikolov and Bengio 2013, section 2). The sum over all paths is the
gradient that the engine finds without ever listing a path.

How many there are: a weight of layer l enters at step i = 1..N, and L−l moves up are spread over the N−i+1
steps that are left, which can be done in C(N−i+L−l, L−l) ways. The sum over i is C(N+L−l, L−l+1): N for the
last layer, N(N+1)/2 for the one below. With s_0 = 0 the paths that enter at step 1 through W_s contribute
nothing; without them the count is that for N−1 steps. W_y has one path, from y_N. Where the next layer is fed
by y = s W_y instead of s, no number changes, and a lower W_y counts like the W_x of the layer that it feeds.
"""

import math
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, combinations_with_replacement, pairwise
from typing import NamedTuple

import numpy as np

from rnnlib import _check
from rnnlib.activations import identity
from rnnlib.cells import RNN, Feedforward

__all__ = ["Contribution", "Path", "Unfolded", "contributions"]

LIMIT = 10_000


class Path(NamedTuple):
    """One way from E_N back to a weight.

    weight : str      such as "W_s", or "W_s(1)" where there are several layers
    nodes : tuple     (row, t) from ("y", N) back to where the weight enters, such as ("s", 2)
    """

    weight: str
    nodes: tuple

    @property
    def factors(self):
        """The names of the derivatives along it, in the order in which they are multiplied."""
        names = [f"{row}_{t}" for row, t in self.nodes]
        chain = [f"∂{a}/∂{b}" for a, b in pairwise([f"E_{self.nodes[0][1]}", *names])]
        return (*chain, f"∂⁺{names[-1]}/∂{self.weight}")

    def __str__(self):
        return " · ".join(self.factors)


class Contribution(NamedTuple):
    """What one path adds to the gradient.

    path : Path
    factors : tuple of arrays    the derivatives named by `path.factors`, for each sequence of the batch:
        first (B, 1, n_y), then (B, n_a, n_b) for ∂a/∂b, last (B, n_a, shape of the weight)
    value : array                their product, summed over the batch; of the shape of the weight
    """

    path: Path
    factors: tuple
    value: np.ndarray


@dataclass(frozen=True)
class Unfolded:
    """The graph of stacked simple RNNs over N steps; layer 1 sees x.

    Rows and weights carry the number of their layer where there are several: s(1), W_x(1). The last y and
    its W_y stay without.

    Parameters
    ----------
    N, layers : int
    fed_by : {"state", "output"}
        What the next layer sees: s_t, or y_t = s_t W_y. The second is Network((RNN(), Feedforward(identity),
        RNN())), where W_x and b_s of the Feedforward cell are W_y(1) and b_y(1).
    """

    N: int
    layers: int = 1
    fed_by: str = "state"

    def __post_init__(self):
        _check.check_count("N", self.N)
        _check.check_count("layers", self.layers)
        if self.fed_by not in ("state", "output"):
            raise ValueError(f"fed_by is {self.fed_by!r}; expected 'state' or 'output'")

    @classmethod
    def of(cls, network, N):
        """Return the graph of a network of RNN cells, with or without a Feedforward between each two."""
        kinds = tuple(type(cell) for cell in network.cells)
        layers = kinds.count(RNN)
        for fed_by, between in (("state", ()), ("output", (Feedforward,))):
            if kinds == (RNN, *(between + (RNN,)) * (layers - 1)):
                return cls(N, layers, fed_by)
        names = ", ".join(kind.__name__ for kind in kinds)
        raise TypeError(f"cells are {names}; expected RNN cells, all or none with a Feedforward between two")

    @property
    def rows(self):
        """The names of the rows of nodes, from the first layer up to y."""
        if self.layers == 1:
            return ("s", "y")
        below = ("s", "y") if self.fed_by == "output" else ("s",)
        marked = [f"{symbol}({layer})" for layer in range(1, self.layers + 1) for symbol in below]
        return (*marked, "y") if self.fed_by == "state" else (*marked[:-1], "y")

    @property
    def weights(self):
        """The names of all weights, in the order of the rows."""
        kinds = {"s": ("W_x", "W_s", "b_s"), "y": ("W_y", "b_y")}
        return tuple(kind + row[1:] for row in self.rows for kind in kinds[row[0]])

    def array(self, params, weight):
        """Return the array of that name from a network's parameters, or from their gradient."""
        row = self.rows.index(self._row(weight))
        kind = weight[:3]
        if row == len(self.rows) - 1:
            return getattr(params, kind)
        return getattr(params.cells[row], {"W_y": "W_x", "b_y": "b_s"}.get(kind, kind))

    def paths(self, weight):
        """Generate all paths from a weight to E_N, one at a time.

        Latest state first: paths are sorted by the step in which the weight enters, N, N−1, ... 1, and
        those of one step so that, read from E_N, each goes down a layer before it goes back in time.

        Yields
        ------
        Path
        """
        rows, moves_up = self._climb(weight)
        if not rows:
            yield Path(weight, (("y", self.N),))
            return
        for i in range(self.N, 0, -1):
            for times in combinations_with_replacement(range(self.N, i - 1, -1), moves_up):
                yield Path(weight, self._nodes(rows, (self.N, *times, i)))

    def listed(self, weight, limit=LIMIT):
        """Return all paths as a tuple; more than `limit` of them raise a ValueError that says how many."""
        count = self.count(weight)
        if count > limit:
            found = f"{count:,}" if count < 10**15 else f"about 10^{math.log10(count):.0f}"
            raise ValueError(
                f"{weight} reaches E_{self.N} along {found} paths; expected at most {limit:,} to list: "
                "count them, take the first few of paths(), or raise the limit"
            )
        return tuple(self.paths(weight))

    def formula(self, weight, s_0=True):
        """Count the paths by C(N+k, k+1), k = the moves up from the layer of the weight; as `count`."""
        _, moves_up = self._climb(weight)
        N = self.N if s_0 or not weight.startswith("W_s") else self.N - 1
        return math.comb(N + moves_up, moves_up + 1)

    def count(self, weight, s_0=True):
        """Count the paths by dynamic programming: one addition for each arrow of the graph.

        With s_0=False the paths of W_s that end in s_0 are left out: for s_0 = 0 they contribute nothing.
        """
        return self._ways(weight, 1, s_0)

    def count_units(self, weight, widths, s_0=True):
        """Count the paths of *one entry* of the weight through single units, by dynamic programming.

        An arrow into a row of n units is n arrows. For layers of n units, and n_y outputs, a path with m
        arrows from state to state becomes n_y nᵐ paths: in one layer n_y (nᴺ − 1) / (n − 1) together.

        Parameters
        ----------
        weight : str
        widths : int or tuple of int
            The number of units in every row, or in each of `rows`.
        s_0 : bool
            As for `count`.
        """
        return self._ways(weight, widths, s_0)

    def _row(self, weight):
        if weight not in self.weights:
            raise ValueError(f"weight is {weight!r}; expected one of {', '.join(self.weights)}")
        return ("y" if weight[2] == "y" else "s") + weight[3:]

    def _climb(self, weight):
        """Return the rows that a path climbs before y, and how often it moves on to the next layer."""
        rows = self.rows[self.rows.index(self._row(weight)) : -1]
        return rows, sum(row[0] == "s" for row in rows) - 1

    @staticmethod
    def _nodes(rows, turns):
        """Walk down the rows; a row of states is left, for the one below it, at the next of the turns."""
        nodes, turns = [("y", turns[0])], pairwise(turns)
        for row in reversed(rows):
            if row[0] == "s":
                latest, t = next(turns)
                nodes += [(row, k) for k in range(latest, t, -1)]
            nodes.append((row, t))
        return tuple(nodes)

    def _ways(self, weight, widths, s_0):
        """Add up the ways from every step of the weight's row to E_N, each arrow taken `width` times."""
        width = self._widths(widths)
        rows = (*self._climb(weight)[0], "y")
        ways = [1] + [0] * (self.N - 1)  # from y_N, y_{N-1}, ... y_1: only y_N is a part of E_N
        for above, row in pairwise(reversed(rows)):
            ways = [width[above] * count for count in ways]
            if row[0] == "s":
                ways = list(accumulate(ways, lambda later, up, n=width[row]: n * later + up))
        return sum(ways[:-1] if weight.startswith("W_s") and not s_0 else ways)

    def _widths(self, widths):
        widths = widths if isinstance(widths, (tuple, list)) else (widths,) * len(self.rows)
        if len(widths) != len(self.rows):
            names = ", ".join(self.rows)
            raise ValueError(f"widths has {len(widths)} entries; expected one for each row, {names}")
        return {
            row: _check.check_count(f"the width of {row}", n)
            for row, n in zip(self.rows, widths, strict=True)
        }


def contributions(network, params, run, dE_dy, weight, limit=LIMIT):
    """Return what each path from a weight adds to ∂E_N/∂weight; their sum is the engine's gradient.

    Made for looking at small networks: the engine does the same with one product for each arrow.

    Parameters
    ----------
    network : Network of RNN cells; see `Unfolded`
    params : NetworkParams
    run : NetworkRun
    dE_dy : (T, B, n_y) array
        As `network.backward` takes it, zero before the last step, which is N.
    weight : str
        One of `Unfolded.of(network, N).weights`.
    limit : int
        Refuse to list more paths than that.

    Returns
    -------
    tuple of Contribution
        In the order of `Unfolded.paths`.

    Raises
    ------
    TypeError, ValueError
        For other cells, an unknown weight, a dE_dy that starts before step N, and too many paths.
    """
    graph = Unfolded.of(network, len(run.y))
    listed = graph.listed(weight, limit)
    if graph.array(params, weight) is None:
        raise ValueError(f"params have no {weight}; expected a network with bias_y=True")
    dE_dy_N = _last_step(dE_dy, run.y)[:, None, :]
    rows = dict(zip(graph.rows, _rows(graph, network, params, run), strict=True))
    derivative = cache(lambda a, b: _derivative(rows, a, b))
    immediate = cache(lambda node: _immediate(rows, node, weight[:3]))
    found = []
    for path in listed:
        chain = [derivative(a, b) for a, b in pairwise(path.nodes)]
        factors = (dE_dy_N, *chain, immediate(path.nodes[-1]))
        row = dE_dy_N
        for factor in chain:
            row = row @ factor
        found.append(Contribution(path, factors, np.tensordot(row[:, 0], factors[-1], axes=2)))
    return tuple(found)


class _Row(NamedTuple):
    """One row of nodes: node_t = phi(below_t W_in + past_t W_s), and slope_t = phi'_t.

    below (T, B, n_in),  past (T, B, n) or None,  slope (T, B, n),  W_in (n_in, n),  W_s (n, n) or None
    """

    below: np.ndarray
    past: np.ndarray | None
    slope: np.ndarray
    W_in: np.ndarray
    W_s: np.ndarray | None


def _rows(graph, network, params, run):
    for cell, own, p in zip(network.cells, run.runs, params.cells, strict=True):
        past = own.s[:-1] if isinstance(cell, RNN) else None
        W_s = p.W_s if isinstance(cell, RNN) else None
        yield _Row(own.x, past, cell.phi.derivative(own.output), p.W_x, W_s)
    yield _Row(run.runs[-1].output, None, identity.derivative(run.y), params.W_y, None)


def _derivative(rows, a, b):
    """∂a/∂b = diag(phi') Wᵀ for each sequence, (B, n_a, n_b)."""
    row, t = a
    W = rows[row].W_s if b[0] == row else rows[row].W_in
    return rows[row].slope[t - 1][:, :, None] * W.T


def _immediate(rows, node, kind):
    """∂⁺a/∂W: entry (j, k) of W moves unit k only, by phi'_k times number j of what W multiplies."""
    row, t = rows[node[0]], node[1]
    slope = row.slope[t - 1]
    diagonal = slope[:, :, None] * np.eye(slope.shape[1], dtype=slope.dtype)
    if kind[0] == "b":
        return diagonal
    source = row.past if kind == "W_s" else row.below
    return diagonal[:, :, None, :] * source[t - 1][:, None, :, None]


def _last_step(dE_dy, y):
    dE_dy = _check.as_array("dE_dy", dE_dy, "T, B, n_y", y.shape, y.dtype)
    early = np.flatnonzero(dE_dy[:-1].any(axis=(1, 2)))
    if len(early):
        raise ValueError(f"dE_dy is not zero at step {early[0] + 1}; expected zeros before step {len(y)}")
    return dE_dy[-1]
