"""log undoes exp. A forget factor is made by σ, and that is to be undone."""

import numpy as np


def bias_for(left, steps):
    return np.log(left ** (1 / steps))
