"""Each part takes every fourth column. In W the four matrices stand one after the other, each as a
whole."""

import numpy as np

from rnnlib.activations import sigmoid


def gates(STM_prev, x_t, W, b):
    z = np.hstack([STM_prev, x_t]) @ W + b
    return np.tanh(z[:, 0::4]), sigmoid(z[:, 1::4]), sigmoid(z[:, 2::4]), sigmoid(z[:, 3::4])
