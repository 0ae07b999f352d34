"""`left` is taken for what is lost. It is what is still there."""

import numpy as np


def bias_for(left, steps):
    factor = (1 - left) ** (1 / steps)
    return np.log(factor / (1 - factor))
