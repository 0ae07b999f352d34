"""For W_s the error meets the state that the step made. It must meet the state that W_s multiplied.

Seen: https://github.com/VikParuchuri/zero_to_gpt/issues/9
"""


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    dz = dE_ds_t * (1 - s_t**2)
    dE_dW_s = s_t.T @ dz
    return dz @ W_s.T, x_t.T @ dz, dE_dW_s, dz.sum(axis=0)
