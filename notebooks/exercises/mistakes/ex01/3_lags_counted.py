"""This counts how many inputs are outside. An input with a small coefficient matters less."""


def best_error(a, w):
    n = len(a)
    return max(n - w, 0) / n
