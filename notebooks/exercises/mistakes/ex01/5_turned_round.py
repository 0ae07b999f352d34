"""The coefficients are in reverse order: the newest input gets the one of the oldest."""

import numpy as np


def memory_weights(a):
    n = len(a)
    W_x = np.array([[1] + [0] * (n - 1)])
    return W_x, np.eye(n, k=1), a[::-1].reshape(n, 1)
