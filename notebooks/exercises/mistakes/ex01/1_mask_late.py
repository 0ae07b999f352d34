"""d is right. The mask begins one step too late: it leaves out the first target."""

import numpy as np


def echo_targets(x, k):
    d = np.zeros(len(x))
    d[k:] = x[:-k]
    mask = np.arange(len(x)) > k
    return d, mask
