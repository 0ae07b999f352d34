"""What the first layer's own outputs contribute is missing: in this net they are read too."""

import numpy as np


def two_layers_back(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    row1, row2 = np.zeros_like(s1), np.zeros_like(s2)
    a1, a2 = np.zeros_like(s1[0]), np.zeros_like(s2[0])
    for t in range(len(s1) - 1, 0, -1):
        row2[t] = own2[t - 1] + a2 @ W_s2.T
        a2 = row2[t] * (1 - s2[t] ** 2)
        row1[t] = a2 @ W_x2.T + a1 @ W_s1.T
        a1 = row1[t] * (1 - s1[t] ** 2)
    row1[0], row2[0] = a1 @ W_s1.T, a2 @ W_s2.T
    return row1, row2
