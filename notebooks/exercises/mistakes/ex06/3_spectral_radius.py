"""This goes by the spectral radius. For what a step can do at most, the largest singular value counts."""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    factor = gamma * max(abs(np.linalg.eigvals(W_s)))
    if factor >= 1:
        return math.inf
    return math.ceil(math.log(part, factor))
