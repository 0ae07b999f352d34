"""All four are weighted sums: neither tanh nor σ has been applied."""

import numpy as np


def gates(STM_prev, x_t, W, b):
    z = np.concatenate([STM_prev, x_t], axis=1) @ W + b
    return np.split(z, 4, axis=1)
