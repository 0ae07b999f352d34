"""This is the forget factor itself. The bias is what σ makes it from."""

import numpy as np


def bias_for(left, steps):
    return np.exp(np.log(left) / steps)
