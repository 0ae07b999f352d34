"""The shares go through tanh and then through σ. So they stay between 0.27 and 0.73: no gate can open.

Seen: https://github.com/google/e3d_lstm/issues/17
"""

import numpy as np

from rnnlib.activations import sigmoid


def gates(STM_prev, x_t, W, b):
    z = np.tanh(np.hstack([STM_prev, x_t]) @ W + b)
    N_t, z_i, z_f, z_v = np.split(z, 4, axis=1)
    return N_t, sigmoid(z_i), sigmoid(z_f), sigmoid(z_v)
