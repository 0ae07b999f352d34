"""w itself is moved, to and fro, and rounding leaves it changed. Move the entries of a copy."""

import numpy as np


def numerical_gradient(E, w, eps):
    gradient = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        w[i] += eps
        E_plus = E(w)
        w[i] -= 2 * eps
        E_minus = E(w)
        w[i] += eps
        gradient[i] = (E_plus - E_minus) / (2 * eps)
    return gradient
