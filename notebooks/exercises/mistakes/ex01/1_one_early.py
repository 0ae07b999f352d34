"""The echo comes one step too soon, in d and in the mask. What should come out for k = 0?"""

import numpy as np


def echo_targets(x, k):
    d, mask = np.zeros(len(x)), np.zeros(len(x), dtype=bool)
    for t in range(k, len(x) + 1):
        d[t - 1] = x[t - k]
        mask[t - 1] = True
    return d, mask
