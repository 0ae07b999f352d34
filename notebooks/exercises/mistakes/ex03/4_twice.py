"""This is twice the gradient. What is the ½ in E_N for?"""

import numpy as np


def gradient_W_x(x, d_N, s, W_s, W_y):
    dE_dy = 2 * (s[-1] @ W_y - d_N)
    gradient = np.zeros((x.shape[1], s.shape[1]))
    for t in range(len(x)):
        row = dE_ds(t + 1, s, W_s, W_y, dE_dy)
        gradient += np.outer(x[t], row * s[t + 1] * (1 - s[t + 1]))
    return gradient
