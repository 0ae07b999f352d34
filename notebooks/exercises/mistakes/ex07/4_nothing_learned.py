"""The memory takes in nothing new. The use gate does not see what is new at this step; the memory does."""

import numpy as np


def notes_step(LTM_prev, STM_prev, x_t, W, b, W_u, b_u):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = LTM_prev * f_t
    return LTM_t, np.tanh(LTM_t @ W_u + b_u) * V_t
