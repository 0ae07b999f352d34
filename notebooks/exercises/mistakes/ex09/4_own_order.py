"""The blocks stand in the order z, r, N, in which your function gets them. PyTorch's order is another.

Seen: https://github.com/keras-team/keras/issues/8720
"""

import numpy as np


def to_pytorch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_n)
    W = np.hstack([-W_z, W_r, W_n])
    bias_ih, bias_hh = np.hstack([-b_z, b_r, b_n]), np.hstack([0 * b_r, 0 * b_z, b_ns])
    return W[n_s:].T, W[:n_s].T, bias_ih, bias_hh
