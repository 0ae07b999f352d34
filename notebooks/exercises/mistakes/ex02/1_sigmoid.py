"""This is the sigmoid, with values between 0 and 1. φ is tanh here."""

import numpy as np


def step(x_t, s_prev, W_x, W_s, b_s):
    z_t = x_t @ W_x + s_prev @ W_s + b_s
    return 1 / (1 + np.exp(-z_t))
