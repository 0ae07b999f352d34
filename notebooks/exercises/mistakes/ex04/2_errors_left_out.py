"""The errors of the steps never come in. What starts as zeros and is only carried stays zero.

Seen: https://community.deeplearning.ai/t/question-on-backpropagation-week-1-prog-assignment-1/555129
"""

import numpy as np


def backward(dE_ds, s, x, W_s):
    dW_x = np.zeros((x.shape[2], len(W_s)))
    dW_s = np.zeros_like(W_s)
    db_s = np.zeros(len(W_s))
    da = np.zeros_like(s[0])
    for t in range(len(x), 0, -1):
        da, dW_x_t, dW_s_t, db_s_t = step_back(da, s[t], s[t - 1], x[t - 1], W_s)
        dW_x += dW_x_t
        dW_s += dW_s_t
        db_s += db_s_t
    return dW_x, dW_s, db_s, da
