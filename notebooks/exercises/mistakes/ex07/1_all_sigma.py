"""All four go through σ. Then what is new is never negative, and a memory can only rise."""

import numpy as np

from rnnlib.activations import sigmoid


def gates(STM_prev, x_t, W, b):
    open_ = sigmoid(np.hstack([STM_prev, x_t]) @ W + b)
    return np.split(open_, 4, axis=1)
