"""The joined row has x_t in front. The rows of W belong to the other order, and no error tells you.

Seen: https://github.com/ZacBi/CS224n-2019-solutions/issues/1
"""

import numpy as np

from rnnlib.activations import sigmoid


def gates(STM_prev, x_t, W, b):
    z = np.hstack([x_t, STM_prev]) @ W + b
    z_n, z_i, z_f, z_v = np.split(z, 4, axis=1)
    return np.tanh(z_n), sigmoid(z_i), sigmoid(z_f), sigmoid(z_v)
