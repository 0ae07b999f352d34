"""Nothing comes down from the second layer, as if it did not read the first.

Seen: https://github.com/agethen/ConvLSTM-for-Caffe/issues/2
"""

import numpy as np


def back(own, s, W_s):
    dE_ds = np.zeros_like(s)
    for t in range(len(own), 0, -1):
        dE_ds[t] += own[t - 1]
        dE_ds[t - 1] = (dE_ds[t] * (1 - s[t] ** 2)) @ W_s.T
    return dE_ds


def two_layers_back(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    return back(own1, s1, W_s1), back(own2, s2, W_s2)
