"""r_t has no influence: N_t sees the whole past.

Seen: https://github.com/zhiyongc/GRU-D/issues/2
"""

import numpy as np

from rnnlib.activations import sigmoid


def gru_step(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    seen = np.hstack([s_prev, x_t])
    z_t = sigmoid(seen @ W_z + b_z)
    N_t = np.tanh(seen @ W_n + b_n)
    return (1 - z_t) * s_prev + z_t * N_t
