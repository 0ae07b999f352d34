"""The joined row has x_t in front. The rows of the weights belong to the other order, and no error tells you.

Seen: https://github.com/ZacBi/CS224n-2019-solutions/issues/1
"""

import numpy as np

from rnnlib.activations import sigmoid


def gru_step(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    seen = np.hstack([x_t, s_prev])
    z_t = sigmoid(seen @ W_z + b_z)
    r_t = sigmoid(seen @ W_r + b_r)
    N_t = np.tanh(np.hstack([x_t, r_t * s_prev]) @ W_n + b_n)
    return (1 - z_t) * s_prev + z_t * N_t
