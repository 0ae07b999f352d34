"""Only the last box is read. The target is made of all of them."""

import numpy as np


def memory_weights(a):
    n_s = len(a)
    W_x, W_s, W_y = np.zeros((1, n_s)), np.eye(n_s, k=1), np.zeros((n_s, 1))
    W_x[0, 0] = 1
    for a_k in a:
        W_y[-1, 0] = a_k
    return W_x, W_s, W_y
