"""The way from s_N back to s_i is missing: this state is treated as if it were the last.

Seen: https://github.com/qixianbiao/RNN/issues/2
"""

import numpy as np


def contribution(i, s, W_s, W_y, dE_dy):
    dE_ds_N = dE_dy @ W_y.T
    return np.outer(s[i - 1], dE_ds_N * s[i] * (1 - s[i]))
