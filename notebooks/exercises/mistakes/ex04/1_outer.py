"""`np.outer` takes a whole batch as one long row. Each sequence has an outer product of its own."""

import numpy as np


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    dz = dE_ds_t * (1 - s_t**2)
    return dz @ W_s.T, np.outer(x_t, dz), np.outer(s_prev, dz), dz.sum(axis=0)
