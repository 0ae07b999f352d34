"""What comes from step t+1 goes through the use gate too. It came back along the memory, where no use
gate stands.
"""

import numpy as np


def memory_back(from_next, dE_dSTM, LTM_t, V_t):
    U_t = np.tanh(LTM_t)
    return V_t * (1 - U_t * U_t) * (from_next + dE_dSTM)
