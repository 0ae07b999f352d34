"""A unit gets a gradient only through its weight to itself. It feeds the gates of all: add up over them.

Seen: https://github.com/ooples/AiDotNet/pull/722
"""

import numpy as np


def vjp(a, s_prev, x_t, f_t, N_t, W_f, W_n):
    seen = np.hstack([s_prev, x_t])
    dz_f = a * (s_prev - N_t) * f_t * (1 - f_t)
    dz_n = a * (1 - f_t) * (1 - N_t**2)
    a_prev = a * f_t + dz_f * W_f.diagonal() + dz_n * W_n.diagonal()
    return seen.T @ dz_f, seen.T @ dz_n, a_prev
