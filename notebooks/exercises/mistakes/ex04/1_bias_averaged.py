"""b_s gets the mean over the batch, the matrices get a sum. All weights need the same.

Seen: https://github.com/kvfrans/notes/issues/5
"""


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    dz = dE_ds_t * (1 - s_t**2)
    return dz @ W_s.T, x_t.T @ dz, s_prev.T @ dz, dz.mean(axis=0)
