"""The reset gate is changed, and the update gate is as it was. In which of the two do the nets differ?"""

import numpy as np


def to_pytorch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_z)
    W_r, b_r = -W_r, -b_r
    W = np.concatenate([W_r, W_z, W_n], axis=1)
    no_bias = np.zeros(2 * n_s)
    return W[n_s:].T, W[:n_s].T, np.concatenate([b_r, b_z, b_n]), np.concatenate([no_bias, b_ns])
