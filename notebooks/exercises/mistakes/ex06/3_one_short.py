"""One step short: after so many steps the bound is still above the part."""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    factor = gamma * np.linalg.norm(W_s, ord=2)
    if factor >= 1:
        return math.inf
    return int(math.log(part) / math.log(factor))
