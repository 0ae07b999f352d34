"""The error of the last step comes in twice: once at the start, and once more in the loop."""

import numpy as np


def backward(dE_ds, s, x, W_s):
    dW_x = np.zeros((x.shape[2], len(W_s)))
    dW_s = np.zeros_like(W_s)
    db_s = np.zeros(len(W_s))
    da = dE_ds[-1]
    for t in range(len(x), 0, -1):
        da, dW_x_t, dW_s_t, db_s_t = step_back(da + dE_ds[t - 1], s[t], s[t - 1], x[t - 1], W_s)
        dW_x += dW_x_t
        dW_s += dW_s_t
        db_s += db_s_t
    return dW_x, dW_s, db_s, da
