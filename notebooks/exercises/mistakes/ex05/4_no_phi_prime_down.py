"""On the way down into the first layer φ′ is missing. Which φ made the upper state?"""

import numpy as np


def two_layers_back(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    dE_ds1, dE_ds2 = np.zeros_like(s1), np.zeros_like(s2)
    dE_ds1[1:] += own1
    dE_ds2[1:] += own2
    for t in range(len(own1), 0, -1):
        a2 = dE_ds2[t] * (1 - s2[t] ** 2)
        dE_ds2[t - 1] += a2 @ W_s2.T
        dE_ds1[t] += dE_ds2[t] @ W_x2.T
        a1 = dE_ds1[t] * (1 - s1[t] ** 2)
        dE_ds1[t - 1] += a1 @ W_s1.T
    return dE_ds1, dE_ds2
