"""The last factor has the derivative of tanh, as in lesson 3. The net of this exercise has φ = σ."""

import numpy as np


def contribution(i, s, W_s, W_y, dE_dy):
    row = dE_ds(i, s, W_s, W_y, dE_dy)
    return np.outer(s[i - 1], row * (1 - s[i] ** 2))
