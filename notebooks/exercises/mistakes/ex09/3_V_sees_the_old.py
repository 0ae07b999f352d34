"""V_t sees the old memory. When V_t is made, the new one is there already.

Seen: https://github.com/automan000/Convolutional_LSTM_PyTorch/issues/5
"""

import numpy as np

from rnnlib.activations import sigmoid


def peephole_step(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
    i_t = sigmoid(z_i + p_i * LTM_prev)
    f_t = sigmoid(z_f + p_f * LTM_prev)
    V_t = sigmoid(z_v + p_v * LTM_prev)
    LTM_t = LTM_prev * f_t + np.tanh(z_n) * i_t
    return LTM_t, np.tanh(LTM_t) * V_t
