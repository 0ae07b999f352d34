"""At the start d repeats the first input. Nothing was there before it, so there is nothing to echo."""

import numpy as np


def echo_targets(x, k):
    d = np.concatenate([np.full(k, x[0]), x[:-k]])
    mask = np.array([False] * k + [True] * (len(x) - k))
    return d, mask
