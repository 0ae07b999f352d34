"""Right answers to exercise 5 in other styles: `function__style` must pass as `function` does."""

from itertools import combinations_with_replacement
from math import comb, factorial

import numpy as np


def list_paths__pairs(N):
    pairs = combinations_with_replacement(range(1, N + 1), 2)
    return {(*((1, t) for t in range(i, j + 1)), *((2, t) for t in range(j, N + 1))) for i, j in pairs}


def list_paths__right_or_up(N):
    def on(layer, t):
        if (layer, t) == (2, N):
            return [[(2, N)]]
        later = on(layer, t + 1) if t < N else []
        above = on(2, t) if layer == 1 else []
        return [[(layer, t), *rest] for rest in later + above]

    return [path for i in range(1, N + 1) for path in on(1, i)]


def list_paths__from_the_error(N):
    steps = np.arange(N, 0, -1)
    return [tuple([(2, t) for t in range(N, j - 1, -1)] + [(1, t) for t in range(j, i - 1, -1)])
            for j in steps for i in steps if i <= j]  # fmt: skip


def list_paths__yielded(N):
    for i in range(N):
        for j in range(i, N):
            yield [[1, t + 1] for t in range(i, j + 1)] + [[2, t + 1] for t in range(j, N)]


def count_paths__formula(steps, L):
    return sum(comb(n + L - 1, L) for n in steps)


def count_paths__factorials(steps, L):
    return float(np.sum([factorial(n + L - 1) // factorial(n - 1) // factorial(L) for n in steps]))


def count_paths__nodes(steps, L):
    ways = {}
    for layer in range(L, 0, -1):
        for t in range(max(steps), 0, -1):
            up = (t in steps) if layer == L else ways[layer + 1, t]
            ways[layer, t] = up + ways.get((layer, t + 1), 0)
    return sum(ways[1, t] for t in range(1, max(steps) + 1))


def path_product__by_hand(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    i = path[0][1]
    below, above = [t for layer, t in path if layer == 1], [t for layer, t in path if layer == 2]
    chain1 = np.prod([(1 - s1[t] ** 2) * W_s1 for t in below[1:]])
    chain2 = np.prod([(1 - s2[t] ** 2) * W_s2 for t in above[1:]])
    climb = (1 - s2[above[0]] ** 2) * W_x2
    return dE_ds_N * chain2 * climb * chain1 * (1 - s1[i] ** 2) * s1[i - 1]


def path_product__from_the_error(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    nodes, row = list(path), np.float32(dE_ds_N)
    while nodes:
        layer, t = nodes.pop()
        row = row * np.float32(1 - (s1, s2)[layer - 1][t] ** 2)
        if nodes:
            row = row * np.float32(W_s1 if layer == 1 else W_s2 if nodes[-1][0] == 2 else W_x2)
    return np.array([row * s1[t - 1]], np.float32)[0]


def two_layers_back__gathered(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    a1, a2, rows = np.zeros_like(s1[0]), np.zeros_like(s2[0]), []
    for t in range(len(own1), 0, -1):
        row2 = own2[t - 1] + a2 @ W_s2.T
        a2 = row2 * (1 - s2[t] ** 2)
        row1 = own1[t - 1] + a2 @ W_x2.T + a1 @ W_s1.T
        a1 = row1 * (1 - s1[t] ** 2)
        rows.insert(0, (row1, row2))
    rows.insert(0, (a1 @ W_s1.T, a2 @ W_s2.T))
    return [row1 for row1, _ in rows], [row2 for _, row2 in rows]


def layer_back(own, s, W_s):
    row, rows = np.zeros_like(s[0]), [None] * len(s)
    for t in range(len(own), 0, -1):
        rows[t] = row + own[t - 1]
        row = np.einsum("bj,bj,ij->bi", rows[t], 1 - s[t] ** 2, W_s)
    rows[0] = row
    return np.array(rows)


def two_layers_back__layer_by_layer(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    dE_ds2 = layer_back(own2, s2, W_s2)
    down = np.einsum("tbj,tbj,ij->tbi", dE_ds2[1:], 1 - s2[1:] ** 2, W_x2)
    return layer_back(own1 + down, s1, W_s1), dE_ds2


def two_layers_back__float32(*given):
    return two_layers_back__layer_by_layer(*(np.asarray(array, np.float32) for array in given))


def two_layers_back__jacobians(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    dE_ds1, dE_ds2 = np.zeros_like(s1), np.zeros_like(s2)
    for b in range(s1.shape[1]):
        for t in range(len(own1), 0, -1):
            dE_ds2[t, b] += own2[t - 1, b]
            dE_ds2[t - 1, b] = dE_ds2[t, b] @ np.diag(1 - s2[t, b] ** 2) @ W_s2.T
            dE_ds1[t, b] += own1[t - 1, b] + dE_ds2[t, b] @ np.diag(1 - s2[t, b] ** 2) @ W_x2.T
            dE_ds1[t - 1, b] = dE_ds1[t, b] @ np.diag(1 - s1[t, b] ** 2) @ W_s1.T
    return dE_ds1, dE_ds2


def weights_back__einsum(dE_ds1, dE_ds2, s1, s2):
    sums = "tbi,tbj,tbj->ij"
    return (np.einsum(sums, s1[:-1], dE_ds1[1:], 1 - s1[1:] ** 2),
            np.einsum(sums, s1[1:], dE_ds2[1:], 1 - s2[1:] ** 2))  # fmt: skip


def weights_back__outer(error_below, error_above, below, above):
    dE_dW_s1, dE_dW_x2 = 0, 0
    for t in range(1, len(below)):
        for b in range(below.shape[1]):
            slope1, slope2 = 1 - below[t, b] ** 2, 1 - above[t, b] ** 2
            dE_dW_s1 = dE_dW_s1 + np.outer(below[t - 1, b], error_below[t, b] * slope1)
            dE_dW_x2 = dE_dW_x2 + np.outer(below[t, b], error_above[t, b] * slope2)
    return [dE_dW_s1, dE_dW_x2]


def weights_back__flat(dE_ds1, dE_ds2, s1, s2):
    def flat(array):
        return array.reshape(-1, array.shape[-1]).astype(np.float32)

    a1, a2 = flat(dE_ds1[1:] * (1 - s1[1:] ** 2)), flat(dE_ds2[1:] * (1 - s2[1:] ** 2))
    return flat(s1[:-1]).T @ a1, flat(s1[1:]).T @ a2
