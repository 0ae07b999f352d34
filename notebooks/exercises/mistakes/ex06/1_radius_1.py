"""The spectral radius of the result is 1, whatever rho is."""

import numpy as np


def with_radius(W, rho):
    return W / np.abs(np.linalg.eigvals(W)).max()
