"""This is the mean over the batch. E is that mean already, so here the sequences are added up."""

import numpy as np


def weights_back(dE_ds1, dE_ds2, s1, s2):
    B = s1.shape[1]
    dE_dW_s1 = np.zeros((s1.shape[2], s1.shape[2]))
    dE_dW_x2 = np.zeros((s1.shape[2], s2.shape[2]))
    for t in range(1, len(s1)):
        dE_dW_s1 += s1[t - 1].T @ (dE_ds1[t] * (1 - s1[t] ** 2)) / B
        dE_dW_x2 += s1[t].T @ (dE_ds2[t] * (1 - s2[t] ** 2)) / B
    return dE_dW_s1, dE_dW_x2
