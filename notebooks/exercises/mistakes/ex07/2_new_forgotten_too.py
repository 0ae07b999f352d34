"""The forget factor also falls on what has only just been let in. It is for the old memory alone."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = LTM_prev + i_t * N_t
    LTM_t = LTM_t * f_t
    return LTM_t, V_t * np.tanh(LTM_t)
