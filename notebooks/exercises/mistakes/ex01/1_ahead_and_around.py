"""d has moved in the wrong direction: it holds inputs that come k steps later, and at the end the
first inputs again.
"""

import numpy as np


def echo_targets(x, k):
    mask = np.arange(len(x)) >= k
    return np.roll(x, -k), mask
