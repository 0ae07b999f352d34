"""The mask takes each 0 in d for a missing target. An input may be 0, and its echo is a target like
any other.

Seen: https://github.com/keras-team/keras/pull/361
"""

import numpy as np


def echo_targets(x, k):
    d = np.zeros_like(x)
    d[k:] = x[:-k]
    return d, d != 0
