"""A short gradient is made longer. Below the threshold nothing may change."""

import numpy as np


def clip_by_norm(gradients, threshold):
    delta = np.concatenate([grad.ravel() for grad in gradients])
    return tuple(grad / np.linalg.norm(delta) * threshold for grad in gradients)
