"""Only the straight path to s_{t−1} is there. The gate and the new information look at s_{t−1} too."""

import numpy as np


def vjp(a, s_prev, x_t, f_t, N_t, W_f, W_n):
    seen = np.hstack([s_prev, x_t])
    dz_f = a * (s_prev - N_t) * f_t * (1 - f_t)
    dz_n = a * (1 - f_t) * (1 - N_t**2)
    a_prev = a * f_t
    return seen.T @ dz_f, seen.T @ dz_n, a_prev
