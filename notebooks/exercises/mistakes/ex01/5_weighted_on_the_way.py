"""The coefficients stand in W_s. An input is handed on many times, so it meets one after the other, and
they multiply.
"""

import numpy as np


def memory_weights(a):
    n = len(a)
    W_x, W_s = np.zeros((1, n)), np.zeros((n, n))
    W_x[0, 0] = a[0]
    for k in range(1, n):
        W_s[k - 1, k] = a[k]
    return W_x, W_s, np.ones((n, 1))
