"""The reset gate is changed as well. What r_t = 1 means is the same in both nets."""

import numpy as np


def to_pytorch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_n)
    W = np.hstack([-W_r, -W_z, W_n])
    bias_ih, bias_hh = np.hstack([-b_r, -b_z, b_n]), np.hstack([0 * b_r, 0 * b_z, b_ns])
    return W[n_s:].T, W[:n_s].T, bias_ih, bias_hh
