"""The inputs of exercise 5, the right answers by the library's engine, and what known mistakes make of them."""

from itertools import pairwise

import numpy as np

from rnnlib.activations import tanh
from rnnlib.cells import RNN, RNNParams
from rnnlib.cells.rnn import RNNRun
from rnnlib.network import Network, NetworkParams, NetworkRun
from rnnlib.paths import Unfolded, contributions

__all__ = ["back", "list_paths", "path_product", "to_one", "weights_back"]


def tanh_slope(s):
    return 1 - s**2


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
    """Paths with all three kinds of arrows, which enter after step 1; in the first trial one without a past."""
    N = 1 if trial == 0 else int(rng.integers(5, 8))
    j = 1 if trial == 0 else int(rng.integers(3, N))
    i = 1 if trial == 0 else int(rng.integers(2, j))
    numbers = {name: float(away_from_zero(rng, 0.4, 1.6)) for name in ("dE_ds_N", "W_s1", "W_x2", "W_s2")}
    return {
        "path": spans(N, [(i, j)])[0],
        "dE_ds_N": numbers.pop("dE_ds_N"),
        "s1": away_from_zero(rng, 0.2, 0.9, N + 1),
        "s2": away_from_zero(rng, 0.2, 0.9, N + 1),
        **numbers,
    }


def draw_states(rng, trial, shortest=1):
    """States of both layers: as many units in both, but in the last trial."""
    T, B = (shortest, 1) if trial == 0 else rng.permutation([4, 5, 6])[:2]
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
    s1, s2 = draw_states(rng, trial, shortest=2)
    gradients = {"dE_ds1": rng.normal(size=s1.shape), "dE_ds2": rng.normal(size=s2.shape)}
    return {**gradients, "s1": s1, "s2": s2}


def nodes(path):
    """(layer, t) in the order of time, from a `paths.Path`, which starts at y_N."""
    return tuple((int(row[2]), t) for row, t in reversed(path.nodes[1:]))


def list_paths(N):
    return [nodes(path) for path in Unfolded(N, layers=2).paths("W_s(1)")]


def spans(N, choices, leaves=0, arrives=0):
    """Paths that enter at i and climb at j, for any pairs (i, j), also impossible ones.

    They leave the first layer after step j + leaves and arrive in the second at j + arrives.
    """
    return [
        tuple([(1, t) for t in range(i, j + leaves + 1)] + [(2, t) for t in range(j + arrives, N + 1)])
        for i, j in choices
    ]


def only(keep):
    """The paths of which `keep(states in layer 1, states in layer 2, step of entry, N)` is true."""

    def variant(N):
        counted = [(path, sum(layer == 1 for layer, _ in path)) for path in list_paths(N)]
        return [path for path, n in counted if keep(n, len(path) - n, path[0][1], N)]

    return variant


def both_orders(N):
    return list_paths(N) + only(lambda below, *_: below > 1)(N)


def late_climbs(N):
    return spans(N, [(i, j) for i in range(1, N) for j in range(i, N)], arrives=1)


def early_climbs(N):
    return spans(N, [(i, j) for i in range(1, N + 1) for j in range(1, N + 1)])


def pairs(N, first=1):
    return [(i, j) for i in range(first, N + 1) for j in range(i, N + 1)]


def to_one(n, L):
    return Unfolded(n, L).count("W_s(1)" if L > 1 else "W_s")


def for_each(count):
    """Add up `count(n, L)` over the steps n that have an error."""
    return lambda steps, L: sum(count(n, L) for n in steps)


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


def at_end(a, b):
    return b


def factors(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2, slope=tanh_slope, at=at_end, up=True, entry=-1):
    """All factors as numbers; `at(a, b)`: where φ′ of an arrow is taken; `up` False: none for the climb."""
    s, W = {1: s1, 2: s2}, {(1, 1): W_s1, (1, 2): W_x2, (2, 2): W_s2}
    chain = []
    for a, b in pairwise(path):
        if up or a[0] == b[0]:
            layer, t = at(a, b)
            chain.append(W[a[0], b[0]] * slope(s[layer][t]))
    i = path[0][1]
    return [dE_ds_N, *chain, slope(s1[i]) * s1[i + entry]]


def altered_product(**options):
    return lambda *given: np.prod(factors(*given, **options))


def back(own1, own2, s1, s2, W_s1, W_x2, W_s2, phi=tanh, above=lambda flow, *_: flow, joined=np.add):
    """By the engine; `above(flow, dE_ds2, s1)` changes what comes down, `joined` how it meets own1."""
    cells, params, runs = stack(s1, s2, W_s1, W_x2, W_s2, phi)
    second = cells[1].backward(params[1], runs[1], own2)
    flow = joined(own1, above(second.x, second.states.s, s1, W_x2))
    first = cells[0].backward(params[0], runs[0], flow)
    return first.states.s, second.states.s


def altered_back(**changes):
    """`back` with some of its arguments changed by functions."""
    names = ("own1", "own2", "s1", "s2", "W_s1", "W_x2", "W_s2")

    def variant(*given):
        given = dict(zip(names, given, strict=True))
        return back(**given | {name: change(given[name]) for name, change in changes.items()})

    return variant


def optional(**options):
    return lambda *given: back(*given, **options)


def from_above_only(own1, own2, s1, s2, W_s1, *given):
    """What comes down replaces all that has been added up in the first layer."""
    rows1, rows2 = back(np.zeros_like(own1), own2, s1, s2, np.zeros_like(W_s1), *given)
    rows1[0] = (rows1[1] * tanh_slope(s1[1])) @ W_s1.T
    return rows1, rows2


def same_step_down(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    """The first layer's rows as if the second had no past; the second's as they are."""
    return back(own1, own2, s1, s2, W_s1, W_x2, 0 * W_s2)[0], back(own1, own2, s1, s2, W_s1, W_x2, W_s2)[1]


def first_layer_first(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    """What comes down is added to its row, and goes no further."""
    flow = back(own1, own2, s1, s2, 0 * W_s1, W_x2, W_s2)[0][1:] - own1
    rows1, rows2 = back(own1, own2, s1, s2, W_s1, 0 * W_x2, W_s2)
    return with_row_0(rows1, rows1[0], flow), rows2


def early_slopes(own1, own2, s1, s2, *weights):
    """By states of one step earlier, for both layers."""
    return back(own1, own2, s1[[0, *range(len(own1))]], s2[[0, *range(len(own2))]], *weights)


def times_slope(own1, own2, s1, s2, *weights):
    """Rows after φ′, but row 0, which is left as it is."""
    made = zip(back(own1, own2, s1, s2, *weights), (s1, s2), strict=True)
    return tuple(with_row_0(rows * tanh_slope(s), rows[0]) for rows, s in made)


def with_row_0(rows, first, more=0):
    """Another row 0, and `more` added to the rest."""
    return np.concatenate([[first], rows[1:] + more])


def last_only(flow):
    return np.concatenate([np.zeros_like(flow[:-1]), flow[-1:]])


def weights_back(dE_ds1, dE_ds2, s1, s2, phi=tanh):
    """By the engine: without weights from step to step, each step's gradient is its own."""
    n_1, n_2 = s1.shape[-1], s2.shape[-1]
    none = (np.zeros(shape) for shape in ((n_1, n_1), (n_1, n_2), (n_2, n_2)))
    cells, params, runs = stack(s1, s2, *none, phi)
    made = zip(cells, params, runs, (dE_ds1, dE_ds2), strict=True)
    first, second = (cell.backward(p, run, flow[1:]).params for cell, p, run, flow in made)
    return first.W_s, second.W_x


def without_last_step(*given):
    last = weights_back(*(part[-2:] for part in given))
    return tuple(W - of_last for W, of_last in zip(weights_back(*given), last, strict=True))


def other_W_x2(source, by="second"):
    """W_x2 from `source(s1, s2)`, by the error at the second layer's states or at the first's."""

    def variant(dE_ds1, dE_ds2, s1, s2):
        flow, s = (dE_ds2, s2) if by == "second" else (dE_ds1, s1)
        fed = source(s1, s2)
        a = (flow * tanh_slope(s))[-len(fed) :]
        return weights_back(dE_ds1, dE_ds2, s1, s2)[0], np.einsum("tbi,tbj->ij", fed, a)

    return variant


def same_step(dE_ds1, dE_ds2, s1, s2):
    W_s1 = np.einsum("tbi,tbj->ij", s1[1:], (dE_ds1 * tanh_slope(s1))[1:])
    return W_s1, weights_back(dE_ds1, dE_ds2, s1, s2)[1]
