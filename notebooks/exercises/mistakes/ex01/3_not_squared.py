"""This compares the coefficients themselves. When an input is multiplied by 2, what happens to its
variance?
"""


def best_error(a, w):
    outside = sum(abs(a_k) for a_k in a[w:])
    return outside / sum(abs(a_k) for a_k in a)
