"""The sums run on in time. Does a state lead to errors before it or after it?"""

import numpy as np


def count_paths(steps, L):
    ways = np.zeros(max(steps), dtype=int)
    ways[np.array(steps) - 1] = 1
    for _ in range(L):
        ways = np.cumsum(ways)
    return int(ways.sum())
