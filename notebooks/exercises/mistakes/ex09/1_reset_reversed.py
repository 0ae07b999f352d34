"""r_t is read as the share that is erased. Despite its name it is the share of the past that N_t sees."""

import numpy as np

from rnnlib.activations import sigmoid


def gru_step(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    seen = np.concatenate([s_prev, x_t], axis=1)
    z_t = sigmoid(seen @ W_z + b_z)
    r_t = sigmoid(seen @ W_r + b_r)
    kept = s_prev - r_t * s_prev
    N_t = np.tanh(np.hstack([kept, x_t]) @ W_n + b_n)
    return (1 - z_t) * s_prev + z_t * N_t
