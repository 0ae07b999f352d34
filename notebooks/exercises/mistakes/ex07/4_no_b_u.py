"""The bias of the use gate's own mini-net is missing."""

import numpy as np


def notes_step(LTM_prev, STM_prev, x_t, W, b, W_u, b_u):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = LTM_prev * f_t + N_t * i_t
    U_t = np.tanh((LTM_prev * f_t) @ W_u)
    return LTM_t, U_t * V_t
