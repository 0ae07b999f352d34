"""This compares with the error at w itself, on one side. Going to both sides errs far less."""

import numpy as np


def numerical_gradient(E, w, eps):
    w = w.astype(float)
    E_here = E(w)
    gradient = np.zeros_like(w)
    for i, _ in np.ndenumerate(w):
        moved = w.copy()
        moved[i] += eps
        gradient[i] = (E(moved) - E_here) / eps
    return gradient
