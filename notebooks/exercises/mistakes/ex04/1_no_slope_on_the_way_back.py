"""The weights are right, but on its way to the state before the error must pass tanh too, not only W_s."""


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    dE_ds_prev = dE_ds_t @ W_s.T
    dz = dE_ds_t * (1 - s_t**2)
    return dE_ds_prev, x_t.T @ dz, s_prev.T @ dz, dz.sum(axis=0)
