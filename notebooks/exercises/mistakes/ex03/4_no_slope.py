"""The last factors lack φ′: W_x stands inside φ."""

import numpy as np


def gradient_W_x(x, d_N, s, W_s, W_y):
    dE_dy = s[-1] @ W_y - d_N
    parts = [np.outer(x_t, dE_ds(t, s, W_s, W_y, dE_dy)) for t, x_t in enumerate(x, 1)]
    return sum(parts)
