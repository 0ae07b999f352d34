"""No memory reaches the next step: each starts from zeros, or from the last input alone. This is a
feedforward net.
"""

import numpy as np


def run(x, new, W_x, W_s, W_y):
    y = []
    for x_t in x:
        s = np.zeros(len(W_s))
        s = x_t @ W_x + s @ W_s
        y.append(s @ W_y)
    return np.array(y)
