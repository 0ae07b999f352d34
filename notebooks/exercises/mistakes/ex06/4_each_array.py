"""Each array is shortened by its own norm. All arrays together are one gradient, with one norm.

Seen: https://github.com/carpedm20/MemN2N-tensorflow/issues/19
"""

import numpy as np


def clip_by_norm(gradients, threshold):
    clipped = []
    for grad in gradients:
        norm = np.linalg.norm(grad)
        clipped.append(grad * threshold / norm if norm > threshold else grad)
    return tuple(clipped)
