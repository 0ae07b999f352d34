"""With some inputs the bound grows at every step. Then it promises nothing; this still returns a number."""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    factor = gamma * np.linalg.norm(W_s, ord=2)
    return math.ceil(math.log(part) / math.log(factor))
