"""The old memory is kept whole. Nothing asks f_t how much of it stays."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = LTM_prev + i_t * N_t
    return LTM_t, V_t * np.tanh(LTM_t)
