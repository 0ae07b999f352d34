"""Every input comes out one step too late. When y_t is read, x_t is in a box already."""

import numpy as np


def memory_weights(a):
    n = len(a) + 1
    W_x, W_y = np.zeros((1, n)), np.zeros((n, 1))
    W_x[0, 0] = 1
    for k in range(1, n):
        W_y[k, 0] = a[k - 1]
    return W_x, np.eye(n, k=1), W_y
