"""φ′ is missing: the error passes through the tanh of the step as if tanh changed nothing."""


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    dE_dW_x = x_t.T @ dE_ds_t
    dE_dW_s = s_prev.T @ dE_ds_t
    return dE_ds_t @ W_s.T, dE_dW_x, dE_dW_s, dE_ds_t.sum(axis=0)
