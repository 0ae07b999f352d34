"""Nothing goes back in time in the first layer. Its state also feeds its own next state.

Seen: https://github.com/qixianbiao/RNN/issues/2
"""

import numpy as np


def two_layers_back(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    T = len(own1)
    dE_ds1, dE_ds2 = np.zeros_like(s1), np.zeros_like(s2)
    row2 = np.zeros_like(s2[0])
    for t in range(T, 0, -1):
        row2 = row2 + own2[t - 1]
        dE_ds2[t] = row2
        a2 = row2 * (1 - s2[t] ** 2)
        dE_ds1[t] = own1[t - 1] + a2 @ W_x2.T
        row2 = a2 @ W_s2.T
    dE_ds2[0] = row2
    return dE_ds1, dE_ds2
