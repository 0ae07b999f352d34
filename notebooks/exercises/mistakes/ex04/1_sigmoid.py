"""This is the slope of the sigmoid, from its value. φ is tanh here."""


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    dz = dE_ds_t * s_t * (1 - s_t)
    return dz @ W_s.T, x_t.T @ dz, s_prev.T @ dz, dz.sum(axis=0)
