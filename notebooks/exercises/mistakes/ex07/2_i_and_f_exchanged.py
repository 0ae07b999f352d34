"""The old memory is multiplied by i_t and the new by f_t. One says what is let in, the other what is kept."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = i_t * LTM_prev + f_t * N_t
    return LTM_t, V_t * np.tanh(LTM_t)
