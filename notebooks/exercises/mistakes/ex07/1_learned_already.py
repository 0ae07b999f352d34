"""What comes first is N_t after i_t has filtered it. Here all four come as their mini-nets make them."""

import numpy as np

from rnnlib.activations import sigmoid


def gates(STM_prev, x_t, W, b):
    z = np.hstack([STM_prev, x_t]) @ W + b
    z_n, z_i, z_f, z_v = np.split(z, 4, axis=1)
    i_t = sigmoid(z_i)
    learned = np.tanh(z_n) * i_t
    return learned, i_t, sigmoid(z_f), sigmoid(z_v)
