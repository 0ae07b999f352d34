"""The new information is changed as well. In both nets it is the same; only its share is taken otherwise."""

import numpy as np


def to_pytorch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_z)
    W_z, W_n, b_z, b_n, b_ns = -W_z, -W_n, -b_z, -b_n, -b_ns
    W = np.concatenate([W_r, W_z, W_n], axis=1)
    no_bias = np.zeros(2 * n_s)
    return W[n_s:].T, W[:n_s].T, np.concatenate([b_r, b_z, b_n]), np.concatenate([no_bias, b_ns])
