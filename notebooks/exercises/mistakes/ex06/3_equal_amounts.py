"""Here each step takes away the same amount. Each step multiplies by the same factor."""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    lost = 1 - gamma * np.linalg.norm(W_s, ord=2)
    if lost <= 0:
        return math.inf
    left, k = 1.0, 0
    while left > part:
        left -= lost
        k += 1
    return k
