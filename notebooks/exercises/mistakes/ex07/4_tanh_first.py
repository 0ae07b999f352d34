"""tanh falls on what was kept, and W_u comes after it. In a mini-net tanh comes last."""

import numpy as np


def notes_step(LTM_prev, STM_prev, x_t, W, b, W_u, b_u):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = LTM_prev * f_t + N_t * i_t
    U_t = np.tanh(LTM_prev * f_t) @ W_u + b_u
    return LTM_t, U_t * V_t
