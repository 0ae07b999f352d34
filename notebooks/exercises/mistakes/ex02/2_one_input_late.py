"""Step t reads the wrong input: x[0] is x_1, and it makes s_1."""

import numpy as np


def unfold(x, s_0, W_x, W_s, b_s):
    T = len(x)
    s = [s_0]
    for t in range(1, T + 1):
        s.append(step(x[t % T], s[-1], W_x, W_s, b_s))
    return np.stack(s)
