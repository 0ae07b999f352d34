"""r_t falls on the whole sum. What comes from the input is not reset."""

import numpy as np


def new_after(r_t, s_prev, x_t, W_n, b_n, b_ns):
    z = np.hstack([s_prev, x_t]) @ W_n + b_n + b_ns
    return np.tanh(r_t * z)
