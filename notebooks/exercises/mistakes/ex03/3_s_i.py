"""The last factor holds s_i itself. It has to hold what W_s is multiplied by on the way to s_i.

Seen: https://github.com/VikParuchuri/zero_to_gpt/issues/9
"""

import numpy as np


def contribution(i, s, W_s, W_y, dE_dy):
    slope = s[i] * (1 - s[i])
    return np.outer(s[i], dE_ds(i, s, W_s, W_y, dE_dy) * slope)
