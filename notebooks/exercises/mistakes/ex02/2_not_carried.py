"""Every step starts from s_0. Each must start from the state that the step before made."""

import numpy as np


def unfold(x, s_0, W_x, W_s, b_s):
    s = np.zeros((len(x) + 1, *s_0.shape))
    s[0] = s_0
    for t in range(len(x)):
        s[t + 1] = step(x[t], s_0, W_x, W_s, b_s)
    return s
