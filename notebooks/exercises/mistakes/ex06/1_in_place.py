"""The result is right, but W itself was overwritten. Whoever called still needs it: make a new matrix."""

import numpy as np


def with_radius(W, rho):
    W *= rho / max(abs(np.linalg.eigvals(W)))
    return W
