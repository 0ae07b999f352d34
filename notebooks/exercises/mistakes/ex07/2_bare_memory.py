"""The memory is shown as it is. It can grow beyond 1; something must bring it back before it is shown.

Seen: https://github.com/nicodjimenez/lstm/issues/47
"""


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = f_t * LTM_prev + i_t * N_t
    STM_t = V_t * LTM_t
    return LTM_t, STM_t
