"""The mask is True everywhere. At the first steps nothing has come yet that could be echoed."""

import numpy as np


def echo_targets(x, k):
    d = np.append(np.zeros(k), x[:-k])
    return d, np.ones_like(d, dtype=bool)
