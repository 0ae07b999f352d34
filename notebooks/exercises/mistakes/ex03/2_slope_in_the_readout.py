"""There is a φ′ between y_N and s_N. The readout has no φ: y_N = s_N W_y."""


def dE_ds(i, s, W_s, W_y, dE_dy):
    N = len(s) - 1
    row = dE_dy @ W_y.T * s[N] * (1 - s[N])
    for k in range(N, i, -1):
        row = row @ jacobian(s[k], W_s)
    return row
