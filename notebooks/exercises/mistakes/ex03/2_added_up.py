"""The rows of all states from s_N to s_i are added up. For one state there is one chain: a product."""


def dE_ds(i, s, W_s, W_y, dE_dy):
    row = dE_dy @ W_y.T
    total = row
    for k in range(len(s) - 1, i, -1):
        row = row @ jacobian(s[k], W_s)
        total = total + row
    return total
