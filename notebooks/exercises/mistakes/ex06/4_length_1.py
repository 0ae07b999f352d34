"""What is clipped comes out with length 1, whatever the threshold is."""

import numpy as np


def clip_by_norm(gradients, threshold):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in gradients))
    if norm > threshold:
        return tuple(grad / norm for grad in gradients)
    return gradients
