"""The share is divided by the number of steps. The factors of the steps are multiplied, not added."""

import numpy as np


def bias_for(left, steps):
    f = left / steps
    return np.log(f) - np.log(1 - f)
