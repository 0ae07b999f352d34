"""The memory itself is squashed and handed on so. Only what is shown of it is squashed; it stays as it is."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = np.tanh(f_t * LTM_prev + i_t * N_t)
    return LTM_t, V_t * LTM_t
