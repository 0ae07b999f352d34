"""r_t is read as the share that is erased. Despite its name it is the share of the past that N_t sees."""

import numpy as np


def new_after(r_t, s_prev, x_t, W_n, b_n, b_ns):
    n_s = len(b_n)
    W_ns, W_nx = W_n[:n_s], W_n[n_s:]
    past = s_prev @ W_ns + b_ns
    return np.tanh(past - r_t * past + x_t @ W_nx + b_n)
