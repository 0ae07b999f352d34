"""The state before has no influence. Without it this is a feedforward net."""

import numpy as np


def step(x_t, s_prev, W_x, W_s, b_s):
    return np.tanh(x_t @ W_x + b_s)
