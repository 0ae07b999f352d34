"""r_t falls on what comes from the input too. It is a share of the past alone."""

import numpy as np


def new_after(r_t, s_prev, x_t, W_n, b_n, b_ns):
    product = np.hstack([s_prev, x_t]) @ W_n + b_ns
    return np.tanh(r_t * product + b_n)
