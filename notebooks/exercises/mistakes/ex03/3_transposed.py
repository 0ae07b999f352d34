"""This is transposed: row p, column q belongs to the weight from unit p of s_{i-1} to unit q of s_i."""

import numpy as np


def contribution(i, s, W_s, W_y, dE_dy):
    row = dE_ds(i, s, W_s, W_y, dE_dy)
    return np.outer(row * s[i] * (1 - s[i]), s[i - 1])
