"""Into z_n the slope is that of tanh at N_t. But N_t is what came out of tanh, not what went into it."""

import numpy as np


def vjp(a, s_prev, x_t, f_t, N_t, W_f, W_n):
    seen, n_s = np.concatenate([s_prev, x_t], axis=1), s_prev.shape[1]
    dz_f = a * (s_prev - N_t) * f_t * (1 - f_t)
    dz_n = a * (1 - f_t) * (1 - np.tanh(N_t) ** 2)
    dseen = dz_f @ W_f.T + dz_n @ W_n.T
    return seen.T @ dz_f, seen.T @ dz_n, a * f_t + dseen[:, :n_s]
