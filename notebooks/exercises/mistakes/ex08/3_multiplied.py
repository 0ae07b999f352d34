"""The two ways are multiplied. Along a way there are products; ways are added."""

import numpy as np


def memory_back(from_next, dE_dSTM, LTM_t, V_t):
    U_t = np.tanh(LTM_t)
    return from_next * dE_dSTM * V_t * (1 - U_t**2)
