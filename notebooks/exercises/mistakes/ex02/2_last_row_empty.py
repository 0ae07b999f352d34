"""The last row is still zero: the loop ends one step too early."""

import numpy as np


def unfold(x, s_0, W_x, W_s, b_s):
    T, B, _ = x.shape
    s = np.zeros((T + 1, B, len(W_s)))
    s[0] = s_0
    for t in range(1, T):
        s[t] = step(x[t - 1], s[t - 1], W_x, W_s, b_s)
    return s
