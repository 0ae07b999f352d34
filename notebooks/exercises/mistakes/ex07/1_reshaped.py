"""The gates mix numbers of several sequences. `reshape` cuts along the batch; a gate is a block of
columns."""

import numpy as np

from rnnlib.activations import sigmoid


def gates(STM_prev, x_t, W, b):
    B, n_s = STM_prev.shape
    z = np.hstack([STM_prev, x_t]) @ W + b
    z = z.reshape(4, B, n_s)
    return np.tanh(z[0]), sigmoid(z[1]), sigmoid(z[2]), sigmoid(z[3])
