"""The memory goes through σ before it is shown, so nothing negative can be told. It is content, not a
share."""

from rnnlib.activations import sigmoid


def step(LTM_prev, STM_prev, x_t, W, b):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = f_t * LTM_prev + i_t * N_t
    return LTM_t, V_t * sigmoid(LTM_t)
