"""This is N_t as in task 1: the state is reset before the product, and b_ns is not used at all."""

import numpy as np


def new_after(r_t, s_prev, x_t, W_n, b_n, b_ns):
    return np.tanh(np.concatenate([r_t * s_prev, x_t], axis=1) @ W_n + b_n)
