"""The readout is missing: the error reaches s_N through y_N = s_N W_y."""


def dE_ds(i, s, W_s, W_y, dE_dy):
    row = dE_dy
    for s_k in s[:i:-1]:
        row = row @ jacobian(s_k, W_s)
    return row
