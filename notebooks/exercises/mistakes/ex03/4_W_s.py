"""This is the gradient for W_s. One factor of each chain is another one for W_x."""

import numpy as np


def gradient_W_x(x, d_N, s, W_s, W_y):
    N = len(x)
    gradient = np.zeros(W_s.shape)
    for i in range(1, N + 1):
        row = dE_ds(i, s, W_s, W_y, s[N] @ W_y - d_N)
        gradient += np.outer(s[i - 1], row * s[i] * (1 - s[i]))
    return gradient
