"""σ is applied to the forget factor. The factor is what σ makes: go back from it."""

import numpy as np


def bias_for(left, steps):
    factor = left ** (1 / steps)
    return 1 / (1 + np.exp(-factor))
