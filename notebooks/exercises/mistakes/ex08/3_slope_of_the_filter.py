"""V_t is differentiated. That belongs to the way into the filter's weights; on the way to the memory
V_t stays as it is.
"""

import numpy as np


def memory_back(from_next, dE_dSTM, LTM_t, V_t):
    dU = dE_dSTM * V_t * (1 - V_t)
    return from_next + dU * (1 - np.tanh(LTM_t) ** 2)
