"""Rows and columns are exchanged: ∂a/∂b has a row for each number of a."""

import numpy as np


def jacobian(s_t, W_s):
    J = np.zeros(W_s.shape)
    for p in range(len(s_t)):
        for q in range(len(s_t)):
            J[p, q] = W_s[p, q] * s_t[q] * (1 - s_t[q])
    return J
