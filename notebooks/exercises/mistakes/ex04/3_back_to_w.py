"""From w + ε you went back to w and not beyond. The second error belongs to w − ε."""

import numpy as np


def numerical_gradient(E, w, eps):
    w = np.array(w, dtype=float)
    dE_dw = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        w[i] += eps
        above = E(w)
        w[i] -= eps
        below = E(w)
        dE_dw[i] = (above - below) / (2 * eps)
    return dE_dw
