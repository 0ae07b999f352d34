"""The peepholes look at a squashed memory. They look at the memory itself."""

import numpy as np

from rnnlib.activations import sigmoid


def peephole_step(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
    shown = np.tanh(LTM_prev)
    i_t, f_t = sigmoid(z_i + p_i * shown), sigmoid(z_f + p_f * shown)
    LTM_t = f_t * LTM_prev + i_t * np.tanh(z_n)
    shown = np.tanh(LTM_t)
    return LTM_t, sigmoid(z_v + p_v * shown) * shown
