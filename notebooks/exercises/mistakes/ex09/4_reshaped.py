"""The weights are reshaped. That changes the shape and leaves the numbers in their old order.

Seen: https://github.com/keras-team/keras/issues/8720
"""

import numpy as np


def to_pytorch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_n)
    W = np.hstack([W_r, -W_z, W_n])
    bias_ih, bias_hh = np.hstack([b_r, -b_z, b_n]), np.hstack([0 * b_r, 0 * b_z, b_ns])
    return W[n_s:].reshape(3 * n_s, -1), W[:n_s].reshape(3 * n_s, n_s), bias_ih, bias_hh
