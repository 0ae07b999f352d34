"""The coefficients are added and then squared, as if all inputs were the same number. They are
independent.
"""


def best_error(a, w):
    variance_missed = a[w:].sum() ** 2
    return variance_missed / a.sum() ** 2
