"""The φ′ of unit q stands in row q, with the weights that leave unit q. Which weights stand inside the φ of
this unit?
"""

import numpy as np


def contribution(i, s, W_s, W_y, dE_dy):
    row = dE_ds(i, s, W_s, W_y, dE_dy)
    return np.diag(s[i] * (1 - s[i])) @ np.outer(s[i - 1], row)
