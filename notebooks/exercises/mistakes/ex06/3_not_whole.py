"""The number of steps is not a whole number. The gradient takes no part of a step."""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    factor = gamma * np.linalg.norm(W_s, ord=2)
    if factor >= 1:
        return math.inf
    return math.log(part) / math.log(factor)
