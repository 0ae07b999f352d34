"""A bit of +1 and one of −1 do not leave opposite memories. What makes the sign of N_t, and what moves
i_t?"""

import numpy as np


def set_by_hand(T):
    W, b = np.zeros((4, 4)), np.zeros(4)
    STM, value, bit, question = range(4)
    N, i, f, V = range(4)
    W[bit, N] = 3
    W[bit, i], b[i] = 24, -12
    W[bit, f], b[f] = -24, 12
    W[question, V], b[V] = 24, -12
    return W, b
