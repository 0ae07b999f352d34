"""STM_t shows the memory of the step before. The standard use gate shows the new one."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    STM_t = V_t * np.tanh(LTM_prev)
    LTM_t = f_t * LTM_prev + i_t * N_t
    return LTM_t, STM_t
