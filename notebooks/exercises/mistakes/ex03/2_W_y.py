"""The first step back, from y_N to s_N, multiplies with W_y itself. What is the Jacobian of y_N = s_N W_y?"""


def dE_ds(i, s, W_s, W_y, dE_dy):
    row = dE_dy @ W_y
    for k in range(len(s) - 1, i, -1):
        row = row @ jacobian(s[k], W_s)
    return row
