"""Each number is cut by itself. That turns the gradient; it must keep its direction.

Seen: https://github.com/qixianbiao/RNN/issues/2
"""

import numpy as np


def clip_by_norm(gradients, threshold):
    return tuple(np.clip(grad, -threshold, threshold) for grad in gradients)
