"""The sequence is cut into blocks of h steps. Then errors early in a block reach fewer states than h."""

import numpy as np


def truncated(dE_ds, s, x, W_s, h):
    dW_x = np.zeros((x.shape[2], len(W_s)))
    dW_s = np.zeros_like(W_s)
    db_s = np.zeros(len(W_s))
    T = len(x)
    for start in range(0, T, h):
        da = 0
        for i in range(min(start + h, T), start, -1):
            da, dW_x_t, dW_s_t, db_s_t = step_back(da + dE_ds[i - 1], s[i], s[i - 1], x[i - 1], W_s)
            dW_x += dW_x_t
            dW_s += dW_s_t
            db_s += db_s_t
    return dW_x, dW_s, db_s
