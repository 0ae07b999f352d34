"""Means of squares are compared, over as many coefficients as there are in each case. Each input
brings its own variance: add them up.
"""

import numpy as np


def best_error(a, w):
    missed = a[w:]
    with np.errstate(invalid="ignore"):  # nothing is missed if w is large
        return (np.sum(missed**2) / len(missed)) / np.mean(a**2)
