"""The weights stand in PyTorch's order of gates, but the biases do not.

Seen: https://github.com/openvinotoolkit/openvino/pull/17651
"""

import numpy as np


def to_pytorch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_n)
    W = np.hstack([W_r, -W_z, W_n])
    bias_ih, bias_hh = np.hstack([-b_z, b_r, b_n]), np.hstack([0 * b_z, 0 * b_r, b_ns])
    return W[n_s:].T, W[:n_s].T, bias_ih, bias_hh
