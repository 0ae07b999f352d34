"""The gates stand one below the other, but each of them is as it was: still for rows, not for columns.

Seen: https://github.com/keras-team/keras/pull/8307
"""

import numpy as np


def to_pytorch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_n)
    gates = [W_r, -W_z, W_n]
    weight_ih = np.concatenate([W[n_s:] for W in gates])
    weight_hh = np.concatenate([W[:n_s] for W in gates])
    bias_ih = np.concatenate([b_r, -b_z, b_n])
    return weight_ih, weight_hh, bias_ih, np.concatenate([np.zeros(2 * n_s), b_ns])
