"""What comes from step t+1 is multiplied by the slope of tanh too. It came back along the memory, where
no tanh stands.
"""

import numpy as np


def memory_back(from_next, dE_dSTM, LTM_t, V_t):
    U_t = np.tanh(LTM_t)
    return (from_next + dE_dSTM * V_t) * (1 - U_t**2)
