"""There is one box too few: the oldest input of the target is lost before it is needed."""

import numpy as np


def memory_weights(a):
    n = len(a) - 1
    W_x = np.zeros((1, n))
    W_x[0, 0] = 1
    return W_x, np.eye(n, k=1), a[:n, None]
