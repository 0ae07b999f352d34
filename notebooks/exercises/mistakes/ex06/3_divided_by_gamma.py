"""Here a flatter φ lets more of the gradient through. It lets less through."""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    factor = np.linalg.norm(W_s, 2) / gamma
    if factor >= 1:
        return math.inf
    return math.ceil(math.log(part, factor))
