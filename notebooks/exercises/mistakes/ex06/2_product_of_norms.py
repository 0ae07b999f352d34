"""Norms are multiplied here. That is a bound: the worst vector of one step is not that of the next."""

import numpy as np


def reach(dE_ds_N, s, W_s):
    norms = np.zeros(s.shape[:2])
    norms[-1] = np.linalg.norm(dE_ds_N, axis=1)
    for t in range(len(s) - 1, 0, -1):
        for b in range(s.shape[1]):
            J = np.diag(s[t, b] * (1 - s[t, b])) @ W_s.T
            norms[t - 1, b] = norms[t, b] * np.linalg.norm(J, ord=2)
    return norms
