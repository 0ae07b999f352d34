"""Here every step has an error. Only the steps that are named have one."""

from math import comb


def count_paths(steps, L):
    N = steps[-1]
    return comb(N + L, L + 1)
