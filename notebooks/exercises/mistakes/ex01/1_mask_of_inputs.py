"""The mask marks the inputs that are echoed later. It should mark the steps that have a target."""

import numpy as np


def echo_targets(x, k):
    d = np.append(np.zeros(k), x[:-k])
    mask = np.ones(len(x), dtype=bool)
    mask[-k:] = False
    return d, mask
