"""f_t is read as what is forgotten and i_t as what is ignored. The names mislead: a gate at 1 lets all
pass."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = LTM_prev * (1 - f_t) + N_t * (1 - i_t)
    return LTM_t, V_t * np.tanh(LTM_t)
