"""Old and new have changed places in the derivative by f_t. A larger f_t takes more of the old."""

import numpy as np


def vjp(a, s_prev, x_t, f_t, N_t, W_f, W_n):
    n_s, seen = s_prev.shape[1], np.hstack([s_prev, x_t])
    dz_f = a * (N_t - s_prev) * f_t * (1 - f_t)
    dz_n = a * (1 - f_t) * (1 - N_t**2)
    a_prev = a * f_t + (dz_f @ W_f.T + dz_n @ W_n.T)[:, :n_s]
    return seen.T @ dz_f, seen.T @ dz_n, a_prev
