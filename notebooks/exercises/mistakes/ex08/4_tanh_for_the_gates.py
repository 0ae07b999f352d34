"""i, f and V get the slope of tanh. They are made by σ."""

import numpy as np


def gates_back(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t):
    dz_n = whole * i_t * (1 - N_t**2)
    dz_i = whole * N_t * (1 - i_t**2)
    dz_f = whole * LTM_prev * (1 - f_t**2)
    dz_v = dE_dSTM * np.tanh(LTM_t) * (1 - V_t**2)
    return dz_n, dz_i, dz_f, dz_v, whole * f_t
