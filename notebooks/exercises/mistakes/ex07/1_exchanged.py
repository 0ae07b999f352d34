"""σ and tanh have changed places. A share lies between 0 and 1; what is new needs a sign."""

import numpy as np

from rnnlib.activations import sigmoid


def gates(STM_prev, x_t, W, b):
    n_s = STM_prev.shape[1]
    seen = np.hstack([STM_prev, x_t])
    z = seen @ W + b
    N_t = sigmoid(z[:, :n_s])
    i_t = np.tanh(z[:, n_s : 2 * n_s])
    f_t = np.tanh(z[:, 2 * n_s : 3 * n_s])
    V_t = np.tanh(z[:, 3 * n_s :])
    return N_t, i_t, f_t, V_t
