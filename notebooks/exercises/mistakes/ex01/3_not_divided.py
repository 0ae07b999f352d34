"""This is not yet a share: it is not divided by what the guess 0 would get."""


def best_error(a, w):
    missed = 0.0
    for k in range(w, len(a)):
        missed += a[k] ** 2
    return missed
