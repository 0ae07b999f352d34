"""In the first layer what comes from the step after replaces what is there. All of it is added.

Seen: https://community.deeplearning.ai/t/question-on-backpropagation-week-1-prog-assignment-1/555129
"""

import numpy as np


def two_layers_back(own1, own2, s1, s2, W_s1, W_x2, W_s2):
    T = len(own1)
    dE_ds1, dE_ds2 = np.zeros_like(s1), np.zeros_like(s2)
    dE_ds1[1:], dE_ds2[1:] = own1, own2
    for t in range(T, 0, -1):
        a2 = dE_ds2[t] * (1 - s2[t] ** 2)
        dE_ds2[t - 1] += a2 @ W_s2.T
        dE_ds1[t] += a2 @ W_x2.T
        if t < T:
            dE_ds1[t] = (dE_ds1[t + 1] * (1 - s1[t + 1] ** 2)) @ W_s1.T
    dE_ds1[0] = (dE_ds1[1] * (1 - s1[1] ** 2)) @ W_s1.T
    return dE_ds1, dE_ds2
