"""The numbers are right, but dE_ds has changed: errors were added into the caller's array.

Seen: https://github.com/Burton2000/CS231n-2017/issues/7
"""

import numpy as np


def backward(dE_ds, s, x, W_s):
    dW_x = np.zeros((x.shape[2], len(W_s)))
    dW_s = np.zeros_like(W_s)
    db_s = np.zeros(len(W_s))
    da = np.zeros_like(s[0])
    for t in reversed(range(len(x))):
        dE_ds[t] += da
        da, dW_x_t, dW_s_t, db_s_t = step_back(dE_ds[t], s[t + 1], s[t], x[t], W_s)
        dW_x += dW_x_t
        dW_s += dW_s_t
        db_s += db_s_t
    return dW_x, dW_s, db_s, da
