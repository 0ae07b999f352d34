"""What is outside is divided by what is inside. It should be divided by the whole."""

import numpy as np


def best_error(a, w):
    seen, missed = np.square(a[:w]).sum(), np.square(a[w:]).sum()
    return missed / seen
