"""The biases are missing: each of the three mini-nets has one."""

import numpy as np

from rnnlib.activations import sigmoid


def gru_step(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    seen = np.hstack([s_prev, x_t])
    z_t, r_t = sigmoid(seen @ W_z), sigmoid(seen @ W_r)
    N_t = np.tanh(np.hstack([r_t * s_prev, x_t]) @ W_n)
    return (1 - z_t) * s_prev + z_t * N_t
