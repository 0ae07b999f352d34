"""The factors of all units and sequences are multiplied with each other. Each unit of each sequence has
its own product.
"""

import numpy as np


def kept(f, i, start, end):
    return i[start - 1] * np.prod(f[start:end])
