"""tanh is applied twice before the slope is taken.

Seen: https://github.com/wvabrinskas/Neuron/pull/181
"""

import numpy as np


def memory_back(from_next, dE_dSTM, LTM_t, V_t):
    def slope(u):
        return 1 - np.tanh(u) ** 2

    U_t = np.tanh(LTM_t)
    return from_next + dE_dSTM * V_t * slope(U_t)
