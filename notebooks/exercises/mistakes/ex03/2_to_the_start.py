"""The product goes back to s_0, whatever i is. The way to s_i ends there."""


def dE_ds(i, s, W_s, W_y, dE_dy):
    row = dE_dy @ W_y.T
    for s_k in s[:0:-1]:
        row = row @ jacobian(s_k, W_s)
    return row
