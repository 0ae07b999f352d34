"""Each input goes into all boxes at once. Then no box can tell how old its content is."""

import numpy as np


def memory_weights(a):
    n = len(a)
    return np.ones((1, n)), np.eye(n, k=1), a.reshape(n, 1)
