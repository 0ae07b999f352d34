"""The result is right, but the arrays that came in were overwritten. Make new ones."""

import numpy as np


def clip_by_norm(gradients, threshold):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in gradients))
    if norm > threshold:
        for grad in gradients:
            grad *= threshold / norm
    return gradients
