"""s_0 is not used: row 0 holds zeros in its place, and the first step starts from them."""

import numpy as np


def unfold(x, s_0, W_x, W_s, b_s):
    T, B, _ = x.shape
    s = np.zeros((T + 1, B, len(W_s)))
    for t in range(1, T + 1):
        s[t] = step(x[t - 1], s[t - 1], W_x, W_s, b_s)
    return s
