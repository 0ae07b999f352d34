"""Every coefficient is given to an input one step too new. The first box holds the current input, not
the one before.
"""

import numpy as np


def memory_weights(a):
    n = len(a) - 1
    W_x = np.zeros((1, n))
    W_x[0, 0] = 1
    return W_x, np.eye(n, k=1), a[1:, None]
