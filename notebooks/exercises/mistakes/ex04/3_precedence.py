"""Python reads a / b * c as (a / b) * c: ε multiplies where it should divide."""

import numpy as np


def numerical_gradient(E, w, eps):
    w = np.array(w, dtype=float)
    gradient = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        plus, minus = w.copy(), w.copy()
        plus[i] += eps
        minus[i] -= eps
        gradient[i] = (E(plus) - E(minus)) / 2 * eps
    return gradient
