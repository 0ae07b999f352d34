"""The sum over all sequences is divided by the number of parts. How many terms does that sum have?"""

import numpy as np


def accumulate(parts, sizes, threshold):
    mean = []
    for j in range(3):
        weighted = [sizes[k] * parts[k][j] for k in range(len(parts))]
        mean.append(np.mean(weighted, axis=0))
    return clip_by_norm(mean, threshold)
