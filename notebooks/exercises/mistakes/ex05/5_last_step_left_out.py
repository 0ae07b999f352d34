"""The last step contributes nothing. Where does your loop over the steps stop?"""

import numpy as np


def weights_back(dE_ds1, dE_ds2, s1, s2):
    a1, a2 = dE_ds1 * (1 - s1**2), dE_ds2 * (1 - s2**2)
    dE_dW_s1, dE_dW_x2 = np.zeros(a1.shape[2:] * 2), np.zeros(a1.shape[2:] + a2.shape[2:])
    for t in range(1, len(s1) - 1):
        dE_dW_s1 += s1[t - 1].T @ a1[t]
        dE_dW_x2 += s1[t].T @ a2[t]
    return dE_dW_s1, dE_dW_x2
