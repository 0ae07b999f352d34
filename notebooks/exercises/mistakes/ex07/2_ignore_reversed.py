"""i_t is read as the share that is ignored. Despite its name it is the share that is let in."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = f_t * LTM_prev + (1 - i_t) * N_t
    return LTM_t, V_t * np.tanh(LTM_t)
