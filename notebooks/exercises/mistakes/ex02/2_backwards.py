"""The sequence is read from its end to its start."""

import numpy as np


def unfold(x, s_0, W_x, W_s, b_s):
    s = [s_0]
    for t in range(len(x) - 1, -1, -1):
        s.append(step(x[t], s[-1], W_x, W_s, b_s))
    return np.stack(s)
