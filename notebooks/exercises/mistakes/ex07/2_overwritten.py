"""The new memory holds nothing of the old one. What is let in comes on top of what is kept."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = LTM_prev * f_t
    LTM_t = N_t * i_t
    return LTM_t, V_t * np.tanh(LTM_t)
