"""The filter V_t is inside the tanh. It decides how much is shown of what tanh has made."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = f_t * LTM_prev + i_t * N_t
    return LTM_t, np.tanh(V_t * LTM_t)
