"""Whether the bound shrinks at all is decided here without the slope of φ. The rest is right."""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    largest = np.linalg.norm(W_s, ord=2)
    if largest >= 1:
        return math.inf
    return math.ceil(math.log(part) / math.log(gamma * largest))
