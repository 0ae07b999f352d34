"""Numbers are compared where the norm should be: large negative ones pass, large positive ones are cut."""

import numpy as np


def clip_by_norm(gradients, threshold):
    return tuple(np.where(grad > threshold, threshold / grad * grad, grad) for grad in gradients)
