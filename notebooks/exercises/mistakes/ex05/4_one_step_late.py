"""What comes down to the first layer is from the step after. The move up takes no time, nor does this."""

import numpy as np


def two_layers_back(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    dE_ds1, dE_ds2 = np.zeros_like(s1), np.zeros_like(s2)
    a1, a2 = np.zeros_like(s1[0]), np.zeros_like(s2[0])
    for t in range(len(own1), 0, -1):
        dE_ds1[t] = own1[t - 1] + a1 @ W_s1.T + a2 @ W_x2.T
        dE_ds2[t] = own2[t - 1] + a2 @ W_s2.T
        a1 = dE_ds1[t] * (1 - s1[t] ** 2)
        a2 = dE_ds2[t] * (1 - s2[t] ** 2)
    dE_ds1[0], dE_ds2[0] = a1 @ W_s1.T, a2 @ W_s2.T
    return dE_ds1, dE_ds2
