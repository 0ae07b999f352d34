"""φ is applied twice, one time inside the other."""

import numpy as np


def step(x_t, s_prev, W_x, W_s, b_s):
    z_t = np.tanh(x_t @ W_x + s_prev @ W_s + b_s)
    return np.tanh(z_t)
