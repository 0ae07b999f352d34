"""The echo comes one step too late, in d and in the mask. Which input should it be for k = 1?

Seen: https://github.com/sktime/sktime/pull/2646
"""

import numpy as np


def echo_targets(x, k):
    d, mask = np.zeros(len(x)), np.zeros(len(x), dtype=bool)
    for t in range(k + 1, len(x)):
        d[t] = x[t - k - 1]
        mask[t] = True
    return d, mask
