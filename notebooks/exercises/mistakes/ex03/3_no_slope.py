"""The last factor lacks φ′: W_s stands inside φ."""

import numpy as np


def contribution(i, s, W_s, W_y, dE_dy):
    return np.outer(s[i - 1], dE_ds(i, s, W_s, W_y, dE_dy))
