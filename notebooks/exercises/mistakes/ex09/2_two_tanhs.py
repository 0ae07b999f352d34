"""What comes from the past and what comes from the input go through a tanh each. N_t has one, of their
sum.
"""

import numpy as np


def new_after(r_t, s_prev, x_t, W_n, b_n, b_ns):
    n_s = s_prev.shape[1]
    past = np.tanh(r_t * (s_prev @ W_n[:n_s] + b_ns))
    return past + np.tanh(x_t @ W_n[n_s:] + b_n)
