"""The slopes are there, but each of the four stands in a product: what it multiplies is missing."""


def gates_back(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t):
    dz_n = whole * (1 - N_t**2)
    dz_i = whole * i_t * (1 - i_t)
    dz_f = whole * f_t * (1 - f_t)
    dz_v = dE_dSTM * V_t * (1 - V_t)
    return dz_n, dz_i, dz_f, dz_v, whole * f_t
