"""Each input goes into all boxes at once, weighted, and all are read. Then no box can tell how old its
content is.
"""

import numpy as np


def memory_weights(a):
    n = len(a)
    return a.reshape(1, n), np.eye(n, k=1), np.ones((n, 1))
