"""Two things: only one side is moved, and where w is float32 rounding hides the small step."""

import numpy as np


def numerical_gradient(E, w, eps):
    gradient = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        moved = w.copy()
        moved[i] = w[i] + eps
        gradient[i] = (E(moved) - E(w)) / eps
    return gradient
