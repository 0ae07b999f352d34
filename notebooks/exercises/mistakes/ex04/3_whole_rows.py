"""The loop moves everything along the first axis at once. Each number of w needs a move of its own."""

import numpy as np


def numerical_gradient(E, w, eps):
    w = np.array(w, dtype=float)
    gradient = np.zeros_like(w)
    for i in range(len(w)):
        plus, minus = w.copy(), w.copy()
        plus[i] += eps
        minus[i] -= eps
        gradient[i] = (E(plus) - E(minus)) / (2 * eps)
    return gradient
