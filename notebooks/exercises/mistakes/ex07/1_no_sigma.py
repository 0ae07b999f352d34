"""i_t, f_t and V_t are weighted sums that nothing squashes. A share lies between 0 and 1.

Seen: https://github.com/MartinuzziFrancesco/torchrecurrent/pull/30
"""

import numpy as np


def gates(STM_prev, x_t, W, b):
    z = np.hstack([STM_prev, x_t]) @ W + b
    N_t, i_t, f_t, V_t = np.split(z, 4, axis=1)
    return np.tanh(N_t), i_t, f_t, V_t
