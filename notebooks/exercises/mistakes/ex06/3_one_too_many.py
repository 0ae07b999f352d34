"""One step too many: the bound has reached the part before. What does the count stand at before any step?"""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    factor = gamma * np.linalg.norm(W_s, ord=2)
    if factor >= 1:
        return math.inf
    left, k = 1.0, 1
    while left > part:
        left *= factor
        k += 1
    return k
