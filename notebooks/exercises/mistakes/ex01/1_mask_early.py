"""d is right. The mask begins one step too soon: it counts a target that does not exist."""

import numpy as np


def echo_targets(x, k):
    d = np.zeros(len(x))
    d[k:] = x[:-k]
    steps = np.arange(1, len(x) + 1)
    return d, steps >= k
