"""Too few of the moves go up. The entry into the first layer is a move up, too."""

from math import comb


def count_paths(steps, L):
    return sum(comb(N + L - 1, L - 1) for N in steps)
