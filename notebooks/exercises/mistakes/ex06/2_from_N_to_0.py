"""The rows run from step N to step 0. Row i belongs to s_i."""

import numpy as np


def reach(dE_ds_N, s, W_s):
    row, norms = dE_ds_N, [np.linalg.norm(dE_ds_N, axis=1)]
    for s_t in s[:0:-1]:
        row = row * s_t * (1 - s_t) @ W_s.T
        norms.append(np.linalg.norm(row, axis=1))
    return np.array(norms)
