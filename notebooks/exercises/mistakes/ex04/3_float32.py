"""Where w is float32, so are the moved weights: rounding hides the small step. Convert w first.

Seen: https://github.com/PaddlePaddle/Paddle/issues/4283
"""

import numpy as np


def numerical_gradient(E, w, eps):
    gradient = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        plus, minus = w.copy(), w.copy()
        plus[i] += eps
        minus[i] -= eps
        gradient[i] = (E(plus) - E(minus)) / (2 * eps)
    return gradient
