"""The way back goes on to the state before s_i. The chain has to leave the states at s_i: from there to
W_s, not to s_{i-1}.
"""

import numpy as np


def contribution(i, s, W_s, W_y, dE_dy):
    row = dE_ds(i, s, W_s, W_y, dE_dy) @ jacobian(s[i], W_s)
    return np.outer(s[i - 1], row)
