"""This is not yet a share: it is not divided by the error of always answering 0."""


def best_error(a, w):
    missed = 0.0
    for k in range(w, len(a)):
        missed += a[k] ** 2
    return missed
