"""z_t and r_t have changed places: each is made by the weights of the other."""

import numpy as np

from rnnlib.activations import sigmoid


def gru_step(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    seen = np.hstack([s_prev, x_t])
    r_t, z_t = (sigmoid(seen @ W + b) for W, b in ((W_z, b_z), (W_r, b_r)))
    N_t = np.tanh(np.hstack([r_t * s_prev, x_t]) @ W_n + b_n)
    return (1 - z_t) * s_prev + z_t * N_t
