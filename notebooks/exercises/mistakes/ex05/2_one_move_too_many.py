"""One move to the right too many: how many moves lead from step 1 to step n?"""

from math import comb


def count_paths(steps, L):
    return sum(comb(n + L, L) for n in steps)
