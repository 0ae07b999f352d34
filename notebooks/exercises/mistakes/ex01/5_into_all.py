"""Each input goes into all boxes at once. It should go into one, and be handed on from there."""

import numpy as np


def memory_weights(a):
    n = len(a)
    return np.ones((1, n)), np.eye(n, k=1), a.reshape(n, 1)
