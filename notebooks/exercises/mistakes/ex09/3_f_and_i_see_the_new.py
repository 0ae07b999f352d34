"""f_t and i_t see a new memory. They make it: what they can see is older."""

import numpy as np

from rnnlib.activations import sigmoid


def peephole_step(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
    N_t = np.tanh(z_n)
    LTM_t = sigmoid(z_f) * LTM_prev + sigmoid(z_i) * N_t
    i_t, f_t = sigmoid(z_i + p_i * LTM_t), sigmoid(z_f + p_f * LTM_t)
    LTM_t = f_t * LTM_prev + i_t * N_t
    V_t = sigmoid(z_v + p_v * LTM_t)
    return LTM_t, V_t * np.tanh(LTM_t)
