"""For a matrix, ord=2 is the largest singular value. That is not the length of all its numbers."""

import numpy as np


def clip_by_norm(gradients, threshold):
    norm = np.sqrt(sum(np.linalg.norm(grad, ord=2) ** 2 for grad in gradients))
    if norm > threshold:
        return tuple(grad * threshold / norm for grad in gradients)
    return gradients
