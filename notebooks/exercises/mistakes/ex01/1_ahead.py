"""This looks ahead: d_t is the input that comes k steps later. An echo comes after the sound."""

import numpy as np


def echo_targets(x, k):
    T = len(x)
    d = np.zeros(T)
    mask = np.zeros(T, dtype=bool)
    for t in range(T - k):
        d[t] = x[t + k]
        mask[t] = True
    return d, mask
