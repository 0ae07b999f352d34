"""r_t falls on the product of the state with its weights. Here it falls on the state, before they mix units.

Seen: https://github.com/pytorch/pytorch/issues/8153
"""

import numpy as np

from rnnlib.activations import sigmoid


def gru_step(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    seen = np.concatenate([s_prev, x_t], axis=1)
    z_t = sigmoid(seen @ W_z + b_z)
    r_t = sigmoid(seen @ W_r + b_r)
    n_s = s_prev.shape[1]
    N_t = np.tanh(r_t * (s_prev @ W_n[:n_s]) + x_t @ W_n[n_s:] + b_n)
    return s_prev + z_t * (N_t - s_prev)
