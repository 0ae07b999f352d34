"""The gradient of b_s has a row for each sequence. All sequences share one b_s, so their rows add up.

Seen: https://github.com/jimfleming/differentiation/issues/1
"""


def step_back(dE_ds_t, s_t, s_prev, x_t, W_s):
    dE_db_s = dE_ds_t * (1 - s_t**2)
    dE_dW_x = x_t.T @ dE_db_s
    dE_dW_s = s_prev.T @ dE_db_s
    return dE_db_s @ W_s.T, dE_dW_x, dE_dW_s, dE_db_s
