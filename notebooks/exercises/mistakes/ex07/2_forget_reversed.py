"""f_t is read as the share that is forgotten. Despite its name it is the share that is kept."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    forgotten = f_t * LTM_prev
    LTM_t = LTM_prev - forgotten + i_t * N_t
    return LTM_t, V_t * np.tanh(LTM_t)
