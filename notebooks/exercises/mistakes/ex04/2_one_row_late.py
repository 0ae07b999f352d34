"""Step t takes the input and the error of step t + 1, and s_T is left out: row 0 of x is x_1."""

import numpy as np


def backward(dE_ds, s, x, W_s):
    dW_x = np.zeros((x.shape[2], len(W_s)))
    dW_s = np.zeros_like(W_s)
    db_s = np.zeros(len(W_s))
    da = np.zeros_like(s[0])
    for t in range(len(x) - 1, 0, -1):
        da, dW_x_t, dW_s_t, db_s_t = step_back(da + dE_ds[t], s[t], s[t - 1], x[t], W_s)
        dW_x += dW_x_t
        dW_s += dW_s_t
        db_s += db_s_t
    return dW_x, dW_s, db_s, da
