"""The steps are added first, as if there were one error at their sum. Each error has paths of its own."""

from math import comb


def count_paths(steps, L):
    return comb(sum(steps) + L - 1, L)
