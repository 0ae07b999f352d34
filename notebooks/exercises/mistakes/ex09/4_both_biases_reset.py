"""Both biases of N stand in bias_hh, so both are reset. Only one of them is, in your net."""

import numpy as np


def to_pytorch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_z)
    W = np.concatenate([W_r, -W_z, W_n], axis=1)
    return W[n_s:].T, W[:n_s].T, np.zeros(3 * n_s), np.concatenate([b_r, -b_z, b_n + b_ns])
