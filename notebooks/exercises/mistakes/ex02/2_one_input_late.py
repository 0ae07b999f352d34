"""Step t reads the wrong input: x[0] is x_1, and it makes s_1."""

import numpy as np


def unfold(x, s_0, W_x, W_s, b_s):
    T, B, _ = x.shape
    s = np.zeros((T + 1, B, len(W_s)))
    s[0] = s_0
    for t in range(1, T):
        s[t] = step(x[t], s[t - 1], W_x, W_s, b_s)
    return s
