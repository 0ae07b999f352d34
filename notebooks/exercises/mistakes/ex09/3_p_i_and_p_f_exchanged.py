"""p_i and p_f have changed places."""

import numpy as np

from rnnlib.activations import sigmoid


def peephole_step(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
    f_t, i_t = sigmoid(z_f + p_i * LTM_prev), sigmoid(z_i + p_f * LTM_prev)
    LTM_t = f_t * LTM_prev + i_t * np.tanh(z_n)
    V_t = sigmoid(z_v + p_v * LTM_t)
    return LTM_t, V_t * np.tanh(LTM_t)
