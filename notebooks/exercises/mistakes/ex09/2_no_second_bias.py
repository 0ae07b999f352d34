"""b_ns is missing. As long as it is zero nobody notices, but it is learned.

Seen: https://github.com/google/flax/pull/5595
"""

import numpy as np


def new_after(r_t, s_prev, x_t, W_n, b_n, b_ns):
    n_s = len(b_n)
    W_ns, W_nx = W_n[:n_s], W_n[n_s:]
    return np.tanh(r_t * (s_prev @ W_ns) + x_t @ W_nx + b_n)
