"""Coefficients of different signs cancel here. Variances of independent parts add up, whatever the
signs.
"""


def best_error(a, w):
    return a[w:].sum() / a.sum()
