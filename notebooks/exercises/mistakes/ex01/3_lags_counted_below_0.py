"""This counts how many inputs are outside, and falls below 0 for a long window. An input with a small
coefficient matters less.
"""


def best_error(a, w):
    n = len(a)
    return (n - w) / n
