"""The blocks are read in the order i, f, N, V, as PyTorch has them. Here N comes first.

Seen: https://github.com/CrispStrobe/CrispASR/pull/106
"""

import numpy as np

from rnnlib.activations import sigmoid


def gates(STM_prev, x_t, W, b):
    z = np.hstack([STM_prev, x_t]) @ W + b
    z_i, z_f, z_n, z_v = np.split(z, 4, axis=1)
    return np.tanh(z_n), sigmoid(z_i), sigmoid(z_f), sigmoid(z_v)
