"""All parts weigh the same here. A small part then moves the weights as much as a large one.

Seen: https://github.com/keras-team/keras/issues/20241
"""

import numpy as np


def accumulate(parts, sizes, threshold):
    mean = tuple(np.mean([part[k] for part in parts], axis=0) for k in range(3))
    return clip_by_norm(mean, threshold)
