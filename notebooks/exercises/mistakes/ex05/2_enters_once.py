"""Only the paths that enter at step 1 are counted, or those of one layer fewer: they are as many. The
weight is used at every step.
"""

import numpy as np


def count_paths(steps, L):
    ways = np.zeros(max(steps), dtype=int)
    ways[[n - 1 for n in steps]] = 1
    for _ in range(L):
        for t in range(len(ways) - 2, -1, -1):
            ways[t] += ways[t + 1]
    return ways[0]
