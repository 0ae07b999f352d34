"""b_n and b_ns are added up. In N only one of PyTorch's two biases is reset, so they must stay apart.

Seen: https://github.com/keras-team/keras/pull/8307
"""

import numpy as np


def to_pytorch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_n)
    W = np.hstack([W_r, -W_z, W_n])
    bias_ih = np.hstack([b_r, -b_z, b_n + b_ns])
    return W[n_s:].T, W[:n_s].T, bias_ih, np.zeros_like(bias_ih)
