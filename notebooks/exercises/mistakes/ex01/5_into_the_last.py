"""The input goes into the box at the end of the row, from where it is not handed on."""

import numpy as np


def memory_weights(a):
    n = len(a)
    W_x = np.zeros((1, n))
    W_x[0, -1] = 1
    return W_x, np.eye(n, k=1), a[:, None]
