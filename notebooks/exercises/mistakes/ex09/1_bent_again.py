"""s_t goes through tanh once more. Only what is new is squashed; a mixture of two states needs no tanh.

Seen: https://github.com/ageron/handson-ml/issues/132
"""

import numpy as np

from rnnlib.activations import sigmoid


def gru_step(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    seen = np.concatenate([s_prev, x_t], axis=1)
    z_t = sigmoid(seen @ W_z + b_z)
    r_t = sigmoid(seen @ W_r + b_r)
    N_t = np.tanh(np.hstack([r_t * s_prev, x_t]) @ W_n + b_n)
    return np.tanh((1 - z_t) * s_prev + z_t * N_t)
