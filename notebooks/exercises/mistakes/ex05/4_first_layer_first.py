"""In each step the first layer goes on back in time before it has got what comes down from the second."""

import numpy as np


def two_layers_back(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    dE_ds1, dE_ds2 = np.zeros_like(s1), np.zeros_like(s2)
    dE_ds1[1:] += own1
    dE_ds2[1:] += own2
    for t in range(len(own1), 0, -1):
        a1 = dE_ds1[t] * (1 - s1[t] ** 2)
        dE_ds1[t - 1] += a1 @ W_s1.T
        a2 = dE_ds2[t] * (1 - s2[t] ** 2)
        dE_ds1[t] += a2 @ W_x2.T
        dE_ds2[t - 1] += a2 @ W_s2.T
    return dE_ds1, dE_ds2
