"""The contribution of s_N is missing: `range` stops before its end."""

import numpy as np


def gradient_W_x(x, d_N, s, W_s, W_y):
    N = len(x)
    gradient = np.zeros((x.shape[1], s.shape[1]))
    for i in range(1, N):
        row = dE_ds(i, s, W_s, W_y, s[N] @ W_y - d_N)
        gradient += np.outer(x[i - 1], row * s[i] * (1 - s[i]))
    return gradient
