"""The bit fades, even where nothing else comes. f_t is near 1, but not near enough: it falls on the memory
T times."""

import numpy as np


def set_by_hand(T):
    W, b = np.zeros((4, 4)), np.zeros(4)
    STM, value, bit, question = range(4)
    N, i, f, V = range(4)
    W[value, N] = 3
    W[bit, i], b[i] = 10, -5
    W[bit, f], b[f] = -10, 5
    W[question, V], b[V] = 10, -5
    return W, b
