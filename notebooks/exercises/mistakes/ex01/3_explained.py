"""This is the share that the window does explain. The error is what is left."""

import numpy as np


def best_error(a, w):
    return np.sum(a[:w] ** 2) / np.sum(a**2)
