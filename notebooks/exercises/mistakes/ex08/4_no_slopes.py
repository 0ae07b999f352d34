"""The slopes of σ and tanh are missing: these are the gradients behind the four functions, not before
them.
"""

import numpy as np


def gates_back(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t):
    dz_n = whole * i_t
    dz_i = whole * N_t
    dz_f = whole * LTM_prev
    dz_v = dE_dSTM * np.tanh(LTM_t)
    dLTM_prev = whole * f_t
    return dz_n, dz_i, dz_f, dz_v, dLTM_prev
