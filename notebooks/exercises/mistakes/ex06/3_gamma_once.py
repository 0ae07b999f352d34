"""γ counts only once. The gradient passes through φ at every step."""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    largest, left, k = np.linalg.svd(W_s)[1][0], gamma, 0
    if largest >= 1:
        return math.inf
    while left > part:
        left *= largest
        k += 1
    return k
