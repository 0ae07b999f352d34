"""The first rows of the weights went to weight_ih. They belong to the state: the joined row begins with it.

Seen: https://github.com/tensorflow/tensorflow/issues/29622
"""

import numpy as np


def to_pytorch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_x = len(W_z) - len(b_z)
    W = np.hstack([W_r, -W_z, W_n])
    bias_ih, bias_hh = np.hstack([b_r, -b_z, b_n]), np.hstack([0 * b_r, 0 * b_z, b_ns])
    return W[:n_x].T, W[n_x:].T, bias_ih, bias_hh
