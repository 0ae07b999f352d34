"""The bias for one step is divided by the number of steps. Over the steps forget factors are
multiplied, not biases added.
"""

import numpy as np


def bias_for(left, steps):
    return np.log(left / (1 - left)) / steps
