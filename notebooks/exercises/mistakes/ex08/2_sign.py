"""The sign of the bias is wrong. The name misleads: the larger b_f, the less is forgotten."""

import numpy as np


def bias_for(left, steps):
    f = left ** (1 / steps)
    return np.log(1 / f - 1)
