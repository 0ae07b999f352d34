"""STM_t shows what was kept, without what is new. The standard use gate shows the whole new memory."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = f_t * LTM_prev + i_t * N_t
    return LTM_t, V_t * np.tanh(f_t * LTM_prev)
