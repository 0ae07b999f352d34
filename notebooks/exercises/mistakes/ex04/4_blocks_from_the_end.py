"""One walk, cut after every h steps: only the last error of each block reaches h states, the others fewer."""

import numpy as np


def truncated(dE_ds, s, x, W_s, h):
    dW_x = np.zeros((x.shape[2], len(W_s)))
    dW_s = np.zeros_like(W_s)
    db_s = np.zeros(len(W_s))
    T = len(x)
    da = 0
    for steps, t in enumerate(range(T, 0, -1)):
        if steps % h == 0:
            da = 0
        da, dW_x_t, dW_s_t, db_s_t = step_back(da + dE_ds[t - 1], s[t], s[t - 1], x[t - 1], W_s)
        dW_x += dW_x_t
        dW_s += dW_s_t
        db_s += db_s_t
    return dW_x, dW_s, db_s
