"""Paths with two moves up in the same step are left out. A step passes through all layers."""

from math import comb


def count_paths(steps, L):
    # choose the L steps in which the path moves up
    return sum(comb(n, L) for n in steps)
