"""The chain begins with d_N. `dE_ds` wants ∂E_N/∂y_N, and d_N is only one part of it."""

import numpy as np


def gradient_W_x(x, d_N, s, W_s, W_y):
    N = len(x)
    gradient = np.zeros((x.shape[1], len(W_s)))
    for i in range(1, N + 1):
        row = dE_ds(i, s, W_s, W_y, d_N)
        gradient += np.outer(x[i - 1], row * s[i] * (1 - s[i]))
    return gradient
