"""An entry that was moved is not put back before the next one is moved. Move one at a time."""

import numpy as np


def numerical_gradient(E, w, eps):
    w = np.array(w, dtype=float)
    gradient = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        w[i] += eps
        E_plus = E(w)
        w[i] -= 2 * eps
        gradient[i] = (E_plus - E(w)) / (2 * eps)
    return gradient
