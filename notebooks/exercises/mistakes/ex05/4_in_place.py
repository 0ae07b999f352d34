"""The numbers are right, but own1 is changed on the way: add up in an array of your own.

Seen: https://github.com/Burton2000/CS231n-2017/issues/7
"""

import numpy as np


def two_layers_back(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    row1, row2 = np.zeros_like(s1[0]), np.zeros_like(s2[0])
    for t in range(len(own1), 0, -1):
        own2[t - 1] += row2
        a2 = own2[t - 1] * (1 - s2[t] ** 2)
        own1[t - 1] += row1 + a2 @ W_x2.T
        a1 = own1[t - 1] * (1 - s1[t] ** 2)
        row1, row2 = a1 @ W_s1.T, a2 @ W_s2.T
    return np.concatenate([[row1], own1]), np.concatenate([[row2], own2])
