"""The product is one step short: it ends at s_{i+1}. The step from there to s_i is missing."""


def dE_ds(i, s, W_s, W_y, dE_dy):
    N = len(s) - 1
    row = dE_dy @ W_y.T
    for k in range(N, i + 1, -1):
        row = row @ jacobian(s[k], W_s)
    return row
