"""The initial state is missing: s has T + 1 rows, and row 0 is s_0."""

import numpy as np


def unfold(x, s_0, W_x, W_s, b_s):
    s_t, states = s_0, []
    for x_t in x:
        s_t = step(x_t, s_t, W_x, W_s, b_s)
        states.append(s_t)
    return np.array(states)
