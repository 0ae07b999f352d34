"""What s_t keeps is the reset state. r_t decides what N_t sees, not what is kept.

Seen: https://github.com/mquad/hgru4rec/issues/11
"""

import numpy as np

from rnnlib.activations import sigmoid


def gru_step(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    seen = np.concatenate([s_prev, x_t], axis=1)
    z_t = sigmoid(seen @ W_z + b_z)
    r_t = sigmoid(seen @ W_r + b_r)
    s_prev = r_t * s_prev
    N_t = np.tanh(np.hstack([s_prev, x_t]) @ W_n + b_n)
    return (1 - z_t) * s_prev + z_t * N_t
