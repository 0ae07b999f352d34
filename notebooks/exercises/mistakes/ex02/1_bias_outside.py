"""The bias is added after φ. It is one of the summands inside."""

import numpy as np


def step(x_t, s_prev, W_x, W_s, b_s):
    return np.tanh(x_t @ W_x + s_prev @ W_s) + b_s
