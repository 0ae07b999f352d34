"""The last factor is the total derivative: it lets the states before s_i move too, and each of them has a
contribution of its own. Hold s_{i-1} fixed.

Seen: https://github.com/d2l-ai/d2l-en/issues/2616
"""

import numpy as np


def contribution(i, s, W_s, W_y, dE_dy):
    n_s = s.shape[1]
    total = np.zeros((n_s, n_s, n_s))  # of s_t, by W_s[p, q]
    for t in range(1, i + 1):
        total = np.einsum("ab,bpq->apq", jacobian(s[t], W_s), total)
        for q in range(n_s):
            total[q, :, q] += s[t, q] * (1 - s[t, q]) * s[t - 1]
    return np.einsum("a,apq->pq", dE_ds(i, s, W_s, W_y, dE_dy), total)
