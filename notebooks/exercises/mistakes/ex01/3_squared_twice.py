"""It is squared twice: the share of the variance is squared once more."""

import numpy as np


def best_error(a, w):
    missed = np.dot(a[w:], a[w:])
    return missed**2 / np.dot(a, a) ** 2
