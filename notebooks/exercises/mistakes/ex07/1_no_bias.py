"""The bias is missing."""

import numpy as np

from rnnlib.activations import sigmoid


def gates(STM_prev, x_t, W, b):
    n_s = STM_prev.shape[1]
    seen = np.hstack([STM_prev, x_t])
    N_t = np.tanh(seen @ W[:, :n_s])
    i_t = sigmoid(seen @ W[:, n_s : 2 * n_s])
    f_t = sigmoid(seen @ W[:, 2 * n_s : 3 * n_s])
    V_t = sigmoid(seen @ W[:, 3 * n_s :])
    return N_t, i_t, f_t, V_t
