"""The slope of tanh is written with STM_t. That is no value of tanh any more: the filter stands in
between.
"""

import numpy as np


def memory_back(from_next, dE_dSTM, LTM_t, V_t):
    STM_t = V_t * np.tanh(LTM_t)
    return from_next + dE_dSTM * V_t * (1 - STM_t**2)
