"""The share is taken to the power of the steps: that is what many such shares leave. Here all steps
together leave it.
"""

import numpy as np


def bias_for(left, steps):
    f = left**steps
    return np.log(f / (1 - f))
