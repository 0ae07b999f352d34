"""φ′ is taken one step too early. The φ around the product s_{i-1} W_s is the one that makes s_i.

Seen: https://github.com/hanbt/learn_dl/issues/29
"""

import numpy as np


def contribution(i, s, W_s, W_y, dE_dy):
    s_prev = s[i - 1]
    slope = s_prev * (1 - s_prev)
    return np.outer(s_prev, dE_ds(i, s, W_s, W_y, dE_dy) * slope)
