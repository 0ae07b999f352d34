"""All boxes are read with weight 1. The target has a coefficient for each."""

import numpy as np


def memory_weights(a):
    n = len(a)
    return np.eye(1, n), np.eye(n, k=1), np.ones((n, 1))
