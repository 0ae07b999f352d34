"""What is kept and what is let in are multiplied. If either is zero, the whole memory is.

Seen: https://github.com/benedekrozemberczki/pytorch_geometric_temporal/pull/148
"""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    learned, kept = N_t * i_t, LTM_prev * f_t
    LTM_t = learned * kept
    return LTM_t, V_t * np.tanh(LTM_t)
