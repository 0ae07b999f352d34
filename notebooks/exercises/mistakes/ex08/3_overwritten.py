"""Only what comes back through the use gate is there. What comes from step t+1 is lost: two ways lead
back, so both count.

Seen: https://github.com/apache/mxnet/issues/4057
"""

import numpy as np


def memory_back(from_next, dE_dSTM, LTM_t, V_t):
    dU_t = dE_dSTM * V_t
    return dU_t * (1 - np.tanh(LTM_t) ** 2)
