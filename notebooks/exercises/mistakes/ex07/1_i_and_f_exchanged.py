"""i_t and f_t have changed places. One says how much is let in, the other how much is kept.

Seen: https://github.com/NX-AI/xlstm/issues/98
"""

import numpy as np

from rnnlib.activations import sigmoid


def gates(STM_prev, x_t, W, b):
    n_s = STM_prev.shape[1]
    seen = np.hstack([STM_prev, x_t])
    z = seen @ W + b
    new, forget, ignore, use = (z[:, k * n_s : (k + 1) * n_s] for k in range(4))
    return np.tanh(new), sigmoid(ignore), sigmoid(forget), sigmoid(use)
