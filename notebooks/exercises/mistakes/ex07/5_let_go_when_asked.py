"""The bit is kept all the way and let go at the question. What does f_t do when the question comes?"""

import numpy as np


def set_by_hand(T):
    W, b = np.zeros((4, 4)), np.zeros(4)
    STM, value, bit, question = range(4)
    N, i, f, V = range(4)
    W[value, N] = 3
    W[bit, i], b[i] = 24, -12
    W[bit, f], b[f] = -24, 12
    W[question, V], b[V] = 24, -12
    W[question, f] = -24
    return W, b
