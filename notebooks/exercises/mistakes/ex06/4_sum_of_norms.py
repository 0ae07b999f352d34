"""Norms of arrays are added. The length of a whole is less than the sum of the lengths of its parts.

Seen: https://github.com/apache/mxnet/issues/9291
"""

import numpy as np


def clip_by_norm(gradients, threshold):
    norm = 0
    for grad in gradients:
        norm += np.linalg.norm(grad)
    if norm > threshold:
        gradients = tuple(grad * threshold / norm for grad in gradients)
    return gradients
