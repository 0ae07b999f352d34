"""In ∂E/∂z_v stands the slope of tanh. What does the filter multiply, the slope or the value?"""

import numpy as np


def gates_back(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t):
    dz_n = whole * i_t * (1 - N_t**2)
    dz_i = whole * N_t * i_t * (1 - i_t)
    dz_f = whole * LTM_prev * f_t * (1 - f_t)
    dz_v = dE_dSTM * (1 - np.tanh(LTM_t) ** 2) * V_t * (1 - V_t)
    return dz_n, dz_i, dz_f, dz_v, whole * f_t
