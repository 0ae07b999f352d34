"""The gradients of W_x and W_s are transposed. Each has the shape of its matrix, also where it is square."""


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    dz = dE_ds_t * (1 - s_t**2)
    return dz @ W_s.T, dz.T @ x_t, dz.T @ s_prev, dz.sum(axis=0)
