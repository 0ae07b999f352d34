"""Each input goes into all boxes at once, and the coefficients are used twice: on the way in and when the
boxes are read.
"""

import numpy as np


def memory_weights(a):
    n = len(a)
    return a.reshape(1, n), np.eye(n, k=1), a.reshape(n, 1)
