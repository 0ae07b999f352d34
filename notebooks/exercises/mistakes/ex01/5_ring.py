"""The last box hands on to the first: what should be forgotten comes round again."""

import numpy as np


def memory_weights(a):
    n = len(a)
    W_s = np.zeros((n, n))
    for i in range(n):
        W_s[i, (i + 1) % n] = 1
    return np.eye(1, n), W_s, a.reshape(n, 1)
