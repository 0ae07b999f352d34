"""All of U_t is shown. Nothing asks V_t how much of it."""

import numpy as np


def notes_step(LTM_prev, STM_prev, x_t, W, b, W_u, b_u):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    kept = LTM_prev * f_t
    return kept + N_t * i_t, np.tanh(kept @ W_u + b_u)
