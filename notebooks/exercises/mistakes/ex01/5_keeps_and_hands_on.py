"""Each box hands on its content and keeps it as well, so the inputs pile up."""

import numpy as np


def memory_weights(a):
    n = len(a)
    W_s = np.eye(n)
    for i in range(n - 1):
        W_s[i, i + 1] = 1
    return np.eye(1, n), W_s, a.reshape(n, 1)
