"""The gradients of the weights are divided by B. That is done already, in dE_ds_t: add up here."""


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    B = len(x_t)
    dz = dE_ds_t * (1 - s_t**2)
    return dz @ W_s.T, x_t.T @ dz / B, s_prev.T @ dz / B, dz.sum(axis=0) / B
