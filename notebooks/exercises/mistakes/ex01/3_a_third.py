"""This is an error for inputs with the variance 1/3. A share is asked for, and it is the same for every
variance.
"""


def best_error(a, w):
    variance = 1 / 3
    return sum(variance * a[k] ** 2 for k in range(w, len(a)))
