"""r_t falls on what tanh has made. The reset comes after the product with the weights, but before tanh."""

import numpy as np


def new_after(r_t, s_prev, x_t, W_n, b_n, b_ns):
    N_t = np.tanh(np.hstack([s_prev, x_t]) @ W_n + b_n + b_ns)
    return r_t * N_t
