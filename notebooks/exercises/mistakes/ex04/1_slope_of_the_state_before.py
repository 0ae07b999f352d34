"""φ′ is taken at the state before. The step made s_t, so it is the slope there that counts.

Seen: https://github.com/hanbt/learn_dl/issues/29
"""


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    slope = 1 - s_prev * s_prev
    dz = slope * dE_ds_t
    return dz @ W_s.T, x_t.T @ dz, s_prev.T @ dz, dz.sum(0)
