"""This is the slope of tanh. The units of this net are σ."""

import numpy as np


def reach(dE_ds_N, s, W_s):
    row, norms = dE_ds_N, [np.linalg.norm(dE_ds_N, axis=1)]
    for s_t in s[:0:-1]:
        row = row * (1 - s_t**2) @ W_s.T
        norms.append(np.linalg.norm(row, axis=1))
    return np.array(norms[::-1])
