"""The forget factor comes after W_u. It says what is kept of each number of the memory, so it comes first."""

import numpy as np


def notes_step(LTM_prev, STM_prev, x_t, W, b, W_u, b_u):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = LTM_prev * f_t + N_t * i_t
    U_t = np.tanh(f_t * (LTM_prev @ W_u) + b_u)
    return LTM_t, U_t * V_t
