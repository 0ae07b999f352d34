"""tanh is applied twice before the memory is shown."""

import numpy as np


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = f_t * LTM_prev + i_t * N_t
    U_t = np.tanh(LTM_t)
    return LTM_t, np.tanh(U_t) * V_t
