"""The numbers are right, but in one row. A gradient has the shape of its weights."""

import numpy as np


def numerical_gradient(E, w, eps):
    flat = np.array(w, dtype=float).ravel()
    gradient = []
    for i in range(flat.size):
        plus, minus = flat.copy(), flat.copy()
        plus[i] += eps
        minus[i] -= eps
        gradient.append((E(plus.reshape(w.shape)) - E(minus.reshape(w.shape))) / (2 * eps))
    return np.array(gradient)
