"""The sum begins with s_0. But s_0 is given: no x and no W_x lead to it, and x[-1] is the last input."""

import numpy as np


def gradient_W_x(x, d_N, s, W_s, W_y):
    N = len(x)
    gradient = np.zeros((x.shape[1], len(W_s)))
    for i in range(len(s)):
        row = dE_ds(i, s, W_s, W_y, s[N] @ W_y - d_N)
        gradient += np.outer(x[i - 1], row * s[i] * (1 - s[i]))
    return gradient
