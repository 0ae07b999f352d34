"""The difference is divided by the wrong distance. How far apart are the two weights compared?"""

import numpy as np


def numerical_gradient(E, w, eps):
    w = np.asarray(w, dtype=float)
    gradient = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        step = np.zeros_like(w)
        step[i] = eps
        gradient[i] = (E(w + step) - E(w - step)) / eps
    return gradient
