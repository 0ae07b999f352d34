"""The peepholes are in a matrix product: it adds up over units. Each gate sees its own unit's memory."""

import numpy as np

from rnnlib.activations import sigmoid


def peephole_step(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
    i_t = sigmoid(z_i + LTM_prev @ p_i)
    f_t = sigmoid(z_f + LTM_prev @ p_f)
    LTM_t = f_t * LTM_prev + i_t * np.tanh(z_n)
    V_t = sigmoid(z_v + LTM_t @ p_v)
    return LTM_t, V_t * np.tanh(LTM_t)
