"""The new information enters whole. Nothing asks i_t how much of it gets in."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    kept = f_t * LTM_prev
    LTM_t = kept + N_t
    return LTM_t, V_t * np.tanh(LTM_t)
