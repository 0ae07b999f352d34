"""W_s is used as if states were columns. Here vectors are rows, weights on the right."""

import numpy as np


def run(x, new, W_x, W_s, W_y):
    s = np.zeros(len(W_s))
    y = []
    for x_t, begins in zip(x, new, strict=True):
        if begins:
            s = np.zeros(len(W_s))
        s = x_t @ W_x + W_s @ s
        y.append(s @ W_y)
    return np.array(y)
