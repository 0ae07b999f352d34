"""∂E/∂z_i is multiplied by i_t, not by what i_t lets in. A product differentiated by one factor leaves
the other.

Seen: https://github.com/wvabrinskas/Neuron/pull/181
"""

import numpy as np


def gates_back(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t):
    dz_n = whole * i_t * (1 - N_t**2)
    dz_i = whole * i_t * i_t * (1 - i_t)
    dz_f = whole * LTM_prev * f_t * (1 - f_t)
    dz_v = dE_dSTM * np.tanh(LTM_t) * V_t * (1 - V_t)
    dLTM_prev = whole * f_t
    return dz_n, dz_i, dz_f, dz_v, dLTM_prev
