"""i_t is read as the share that is ignored. Despite its name it is the share that is let in."""

import numpy as np

from rnnlib.activations import sigmoid


def peephole_step(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
    i_t, f_t = sigmoid(z_i + p_i * LTM_prev), sigmoid(z_f + p_f * LTM_prev)
    LTM_t = f_t * LTM_prev + (1 - i_t) * np.tanh(z_n)
    return LTM_t, sigmoid(z_v + p_v * LTM_t) * np.tanh(LTM_t)
