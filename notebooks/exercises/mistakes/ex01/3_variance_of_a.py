"""This is the variance of the coefficients, how much they differ from their mean. What varies is the
target: the coefficients are fixed.
"""

import numpy as np


def best_error(a, w):
    missed = a[w:]
    with np.errstate(invalid="ignore"):  # nothing is missed if w is large
        center = np.sum(missed) / len(missed)
        return np.sum((missed - center) ** 2) / len(missed) / np.var(a)
