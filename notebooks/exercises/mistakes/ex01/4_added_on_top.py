"""The old state is kept whole, and W_s adds to it. What is left of the old state is only what W_s makes of
it.
"""

import numpy as np


def run(x, new, W_x, W_s, W_y):
    y = []
    for x_t, first in zip(x, new, strict=True):
        if first:
            s = np.zeros(len(W_s))
        s = s + x_t @ W_x + s @ W_s
        y.append(s @ W_y)
    return np.array(y)
