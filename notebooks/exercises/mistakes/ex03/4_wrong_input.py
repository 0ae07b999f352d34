"""Each state is paired with the input of the step after it: x[0] is x_1, and it makes s_1."""

import numpy as np


def gradient_W_x(x, d_N, s, W_s, W_y):
    gradient = np.zeros((x.shape[1], len(W_s)))
    for i in range(len(x)):
        row = dE_ds(i, s, W_s, W_y, s[-1] @ W_y - d_N)
        gradient += np.outer(x[i], row * s[i] * (1 - s[i]))
    return gradient
