"""This is the LSTM without peepholes: no gate sees the memory."""

import numpy as np

from rnnlib.activations import sigmoid


def peephole_step(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
    i_t, f_t, V_t = sigmoid(z_i), sigmoid(z_f), sigmoid(z_v)
    LTM_t = f_t * LTM_prev + i_t * np.tanh(z_n)
    return LTM_t, V_t * np.tanh(LTM_t)
