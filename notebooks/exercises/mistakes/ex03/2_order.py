"""The Jacobians stand in the wrong order. For matrices it matters: read the chain from the error back in
time.
"""


def dE_ds(i, s, W_s, W_y, dE_dy):
    row = dE_dy @ W_y.T
    for k in range(i + 1, len(s)):
        row = row @ jacobian(s[k], W_s)
    return row
