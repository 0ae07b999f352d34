"""This is the other convention: where z_t is 1 it keeps the old state. The GRU of this task renews there.

Seen: https://github.com/soroushmehr/sampleRNN_ICLR2017/issues/20
"""

import numpy as np

from rnnlib.activations import sigmoid


def gru_step(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    seen = np.concatenate([s_prev, x_t], axis=1)
    z_t = sigmoid(seen @ W_z + b_z)
    r_t = sigmoid(seen @ W_r + b_r)
    N_t = np.tanh(np.concatenate([r_t * s_prev, x_t], axis=1) @ W_n + b_n)
    return z_t * s_prev + (1 - z_t) * N_t
