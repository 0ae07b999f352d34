"""At the start d holds the last inputs of the sequence, which came around from its end, and the mask
takes them for targets.
"""

import numpy as np


def echo_targets(x, k):
    d = np.roll(x, k)
    mask = np.full(len(x), True)
    return d, mask
