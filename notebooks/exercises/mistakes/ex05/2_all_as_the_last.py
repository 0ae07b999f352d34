"""Every error gets as many paths as the last one. An early error has fewer: nothing later leads to it."""

from math import comb


def count_paths(steps, L):
    N = steps[-1]
    return len(steps) * comb(N + L - 1, L)
