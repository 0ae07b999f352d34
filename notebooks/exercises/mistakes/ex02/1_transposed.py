"""W_s is used as if states were columns. Here vectors are rows, weights on the right."""

import numpy as np


def step(x_t, s_prev, W_x, W_s, b_s):
    return np.tanh(x_t @ W_x + (W_s @ s_prev.T).T + b_s)
