"""This takes the length of all entries of W_s together. A step can never do as much as that."""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    factor = gamma * np.linalg.norm(W_s)
    if factor >= 1:
        return math.inf
    return math.ceil(math.log(part, factor))
