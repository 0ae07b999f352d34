"""The loss is spread over the steps in equal parts. Each step loses a part of what is still there, not
of what there was.
"""

import numpy as np


def bias_for(left, steps):
    lost_per_step = (1 - left) / steps
    f = 1 - lost_per_step
    return -np.log(1 / f - 1)
