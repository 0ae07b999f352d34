"""W_s is used as on the way forward. On the way back each unit collects from those that it feeds."""

import numpy as np


def reach(dE_ds_N, s, W_s):
    row, norms = dE_ds_N, [np.linalg.norm(dE_ds_N, axis=1)]
    for s_t in s[:0:-1]:
        row = np.einsum("bi,ij->bj", row * s_t * (1 - s_t), W_s)
        norms.append(np.linalg.norm(row, axis=1))
    return np.array(norms[::-1])
