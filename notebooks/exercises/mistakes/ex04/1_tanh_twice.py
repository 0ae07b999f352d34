"""The derivative of φ is taken as if s_t were z_t. But s_t has been through tanh already.

Seen: https://github.com/wvabrinskas/Neuron/pull/181
"""

import numpy as np


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    dz = dE_ds_t * (1 - np.tanh(s_t) ** 2)
    return np.dot(dz, W_s.T), np.dot(x_t.T, dz), np.dot(s_prev.T, dz), np.sum(dz, axis=0)
