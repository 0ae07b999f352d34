"""Early steps are counted again and again: the last factors are total derivatives. Immediate ones belong
there.

Seen: https://github.com/d2l-ai/d2l-en/issues/2616
"""

import numpy as np


def gradient_W_x(x, d_N, s, W_s, W_y):
    N, n_s = len(x), len(W_s)
    dE_dy = s[N] @ W_y - d_N
    gradient = np.zeros((x.shape[1], n_s))
    total = np.zeros((n_s, x.shape[1], n_s))
    for i in range(1, N + 1):
        ahead = np.einsum("p,aq->apq", x[i - 1], np.diag(s[i] * (1 - s[i])))
        total = ahead + np.einsum("ab,bpq->apq", jacobian(s[i], W_s), total)
        gradient += np.einsum("a,apq->pq", dE_ds(i, s, W_s, W_y, dE_dy), total)
    return gradient
