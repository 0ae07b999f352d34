"""W_s is used as if states were columns. Here they are rows: which entries of W_s lead to the first unit?"""

import numpy as np


def jacobian(s_t, W_s):
    return np.diag(s_t * (1 - s_t)) @ W_s
