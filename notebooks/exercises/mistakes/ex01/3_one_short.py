"""The window is taken one step too short: w inputs, the current one among them."""

import numpy as np


def best_error(a, w):
    seen = a[: w - 1]
    return 1 - np.sum(seen**2) / np.sum(a**2)
