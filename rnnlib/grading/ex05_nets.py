"""The inputs of exercise 5 and its right answers, by the library's engine; some with a switch for mistakes."""

from itertools import pairwise

import numpy as np

from rnnlib.activations import tanh
from rnnlib.cells import RNN, RNNParams
from rnnlib.cells.rnn import RNNRun
from rnnlib.network import Network, NetworkParams, NetworkRun
from rnnlib.paths import Unfolded, contributions

__all__ = [
    "back", "draw_back", "draw_count", "draw_list", "draw_product", "draw_weights", "factors", "list_paths",
    "path_product", "spans", "to_one", "weights_back",
]  # fmt: skip


def draw_list(rng, trial):
    return {"N": 1 if trial == 0 else int(rng.integers(3 if trial < 3 else 2, 10))}


def draw_count(rng, trial):
    if trial == 0:
        return {"steps": (int(rng.integers(1, 3)),), "L": 1}
    longest, L = (60, rng.integers(5, 7)) if trial == 5 else (12, rng.integers(2, 5))
    steps = rng.choice(np.arange(2, longest + 1), rng.integers(3, 6), replace=False)
    return {"steps": tuple(sorted(map(int, steps))), "L": int(L)}


def away_from_zero(rng, low, high, size=None):
    return rng.choice([-1, 1], size) * rng.uniform(low, high, size)


def draw_product(rng, trial):
    N = 1 if trial == 0 else int(rng.integers(4, 7))
    j = 1 if trial == 0 else int(rng.integers(2, N))
    i = 1 if trial == 0 else int(rng.integers(1, j))
    numbers = {name: float(away_from_zero(rng, 0.4, 1.6)) for name in ("dE_ds_N", "W_s1", "W_x2", "W_s2")}
    return {
        "path": spans(N, [(i, j)])[0],
        "dE_ds_N": numbers.pop("dE_ds_N"),
        "s1": away_from_zero(rng, 0.2, 0.9, N + 1),
        "s2": away_from_zero(rng, 0.2, 0.9, N + 1),
        **numbers,
    }


def draw_states(rng, trial):
    """States of both layers: as many units in both, but in the last trial."""
    T, B = (1, 1) if trial == 0 else rng.permutation([4, 5, 6])[:2]
    n_1 = int(rng.integers(2, 4))
    n_2 = n_1 + 1 if trial == 5 else n_1
    s1, s2 = (away_from_zero(rng, 0.1, 0.9, (T + 1, B, n)) for n in (n_1, n_2))
    return s1, s2


def draw_back(rng, trial):
    s1, s2 = draw_states(rng, trial)
    n_1, n_2 = s1.shape[-1], s2.shape[-1]
    weights = {"W_s1": (n_1, n_1), "W_x2": (n_1, n_2), "W_s2": (n_2, n_2)}
    return {
        "own1": rng.normal(size=s1[1:].shape),
        "own2": rng.normal(size=s2[1:].shape),
        "s1": s1,
        "s2": s2,
        **{name: rng.normal(size=shape) for name, shape in weights.items()},
    }


def draw_weights(rng, trial):
    s1, s2 = draw_states(rng, trial)
    gradients = {"dE_ds1": rng.normal(size=s1.shape), "dE_ds2": rng.normal(size=s2.shape)}
    return {**gradients, "s1": s1, "s2": s2}


def nodes(path):
    """(layer, t) in the order of time, from a `paths.Path`, which starts at y_N."""
    return tuple((int(row[2]), t) for row, t in reversed(path.nodes[1:]))


def list_paths(N):
    return [nodes(path) for path in Unfolded(N, layers=2).paths("W_s(1)")]


def spans(N, choices, delay=0):
    """Paths that enter at i and climb at j, for any pairs (i, j), also impossible ones."""
    return [
        tuple([(1, t) for t in range(i, j + 1)] + [(2, t) for t in range(j + delay, N + 1)])
        for i, j in choices
    ]


def to_one(n, L):
    return Unfolded(n, L).count("W_s(1)" if L > 1 else "W_s")


def stack(s1, s2, W_s1, W_x2, W_s2, phi=tanh):
    """A network of two layers and a run of it with these states; the inputs of the first play no part."""
    (T, B, n_1), n_2 = s1[1:].shape, s2.shape[-1]
    x, W_x1 = np.zeros((T, B, 1)), np.zeros((1, n_1))
    cells = (RNNParams(W_x1, W_s1, np.zeros(n_1)), RNNParams(W_x2, W_s2, np.zeros(n_2)))
    return (RNN(phi), RNN(phi)), cells, (RNNRun(x, s1), RNNRun(s1[1:], s2))


def path_product(path, dE_ds_N, s1, s2, *numbers):
    states = (s.reshape(-1, 1, 1) for s in (s1, s2))
    cells, params, runs = stack(*states, *(np.full((1, 1), w) for w in numbers))
    dE_dy = np.zeros_like(runs[1].output)
    dE_dy[-1] = dE_ds_N
    parts = contributions(
        Network(cells), NetworkParams(params, np.ones((1, 1))), NetworkRun(dE_dy, runs), dE_dy, "W_s(1)"
    )
    return sum(float(part.value.item()) for part in parts if nodes(part.path) == path)


def factors(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2, slope=lambda s: 1 - s**2, at=1, up=True, entry=-1):
    """All factors as numbers; `at` 0: φ′ where an arrow starts; `up` False: none for the climb."""
    s, W = {1: s1, 2: s2}, {(1, 1): W_s1, (1, 2): W_x2, (2, 2): W_s2}
    chain = [
        W[a[0], b[0]] * slope(s[(a, b)[at][0]][(a, b)[at][1]])
        for a, b in pairwise(path)
        if up or a[0] == b[0]
    ]
    i = path[0][1]
    return [dE_ds_N, *chain, slope(s1[i]) * s1[i + entry]]


def back(own1, own2, s1, s2, W_s1, W_x2, W_s2, phi=tanh, above=lambda flow, *_: flow, joined=np.add):
    """By the engine; `above(flow, dE_ds2, s1)` changes what comes down, `joined` how it meets own1."""
    cells, params, runs = stack(s1, s2, W_s1, W_x2, W_s2, phi)
    second = cells[1].backward(params[1], runs[1], own2)
    flow = joined(own1, above(second.x, second.states.s, s1, W_x2))
    first = cells[0].backward(params[0], runs[0], flow)
    return first.states.s, second.states.s


def weights_back(dE_ds1, dE_ds2, s1, s2, phi=tanh):
    """By the engine: without weights from step to step, each step's gradient is its own."""
    n_1, n_2 = s1.shape[-1], s2.shape[-1]
    none = (np.zeros(shape) for shape in ((n_1, n_1), (n_1, n_2), (n_2, n_2)))
    cells, params, runs = stack(s1, s2, *none, phi)
    made = zip(cells, params, runs, (dE_ds1, dE_ds2), strict=True)
    first, second = (cell.backward(p, run, flow[1:]).params for cell, p, run, flow in made)
    return first.W_s, second.W_x
