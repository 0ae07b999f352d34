"""Each of the four is multiplied by itself. A product differentiated by one factor leaves the other."""


def gates_back(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t):
    dz_n = whole * N_t * (1 - N_t**2)
    dz_i = whole * i_t * i_t * (1 - i_t)
    dz_f = whole * f_t * f_t * (1 - f_t)
    dz_v = dE_dSTM * V_t * V_t * (1 - V_t)
    return dz_n, dz_i, dz_f, dz_v, whole * f_t
