"""The gates look at LTM_{t-1}. They see only what was shown of it, and the event."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(LTM_prev, x_t, W, b)
    LTM_t = f_t * LTM_prev + i_t * N_t
    return LTM_t, V_t * np.tanh(LTM_t)
