"""All entries are moved together. That gives one number, the slope in one direction."""

import numpy as np


def numerical_gradient(E, w, eps):
    w = np.float64(w)
    return (E(w + eps) - E(w - eps)) / (2 * eps)
