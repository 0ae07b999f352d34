"""Each walk leaves a share at its last state only. Every state that it reaches counts."""

import numpy as np


def truncated(dE_ds, s, x, W_s, h):
    dW_x = np.zeros((x.shape[2], len(W_s)))
    dW_s = np.zeros_like(W_s)
    db_s = np.zeros(len(W_s))
    for t in range(1, len(x) + 1):
        da = dE_ds[t - 1]
        for i in range(t, max(t - h, 0), -1):
            da, dW_x_t, dW_s_t, db_s_t = step_back(da, s[i], s[i - 1], x[i - 1], W_s)
        dW_x += dW_x_t
        dW_s += dW_s_t
        db_s += db_s_t
    return dW_x, dW_s, db_s
