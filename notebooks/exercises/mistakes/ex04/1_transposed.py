"""On the way back W_s is used as on the way forward. The step back turns its direction round."""


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    dz = dE_ds_t * (1 - s_t**2)
    dE_ds_prev = dz @ W_s
    return dE_ds_prev, x_t.T @ dz, s_prev.T @ dz, dz.sum(axis=0)
