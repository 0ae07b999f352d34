"""The first box adds each input to its own content, for ever, and nothing is handed on."""

import numpy as np


def memory_weights(a):
    n = len(a)
    W_x = np.zeros((1, n))
    W_x[0, 0] = 1
    return W_x, np.identity(n), a.reshape(n, 1)
