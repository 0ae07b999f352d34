"""The sign is wrong: E_N grows with y_N where y_N is above d_N.

Seen: https://github.com/AayushSameerShah/Neural-Net-Zero-to-Hero-with-Andrej/issues/1
"""

import numpy as np


def gradient_W_x(x, d_N, s, W_s, W_y):
    N, gradient = len(x), 0
    for i in range(1, N + 1):
        row = dE_ds(i, s, W_s, W_y, d_N - s[N] @ W_y)
        gradient = gradient + np.outer(x[i - 1], row * s[i] * (1 - s[i]))
    return gradient
