"""Each gate sees the memories of all units, added up. A peephole shows a gate the memory of its own unit."""

import numpy as np

from rnnlib.activations import sigmoid


def peephole_step(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
    def peep(LTM, p):
        return (LTM * p).sum(axis=1, keepdims=True)

    i_t, f_t = sigmoid(z_i + peep(LTM_prev, p_i)), sigmoid(z_f + peep(LTM_prev, p_f))
    LTM_t = f_t * LTM_prev + i_t * np.tanh(z_n)
    return LTM_t, sigmoid(z_v + peep(LTM_t, p_v)) * np.tanh(LTM_t)
