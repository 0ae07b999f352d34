"""With this bias the share is left after one step. It must still be there after all of them."""

import numpy as np


def bias_for(left, steps):
    return np.log(left / (1 - left))
