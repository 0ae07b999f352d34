"""Each Jacobian is taken at the state where its step begins. φ′ is known from the state that the step
makes.

Seen: https://github.com/hanbt/learn_dl/issues/29
"""


def dE_ds(i, s, W_s, W_y, dE_dy):
    row = dE_dy @ W_y.T
    for k in range(len(s) - 1, i, -1):
        row = row @ jacobian(s[k - 1], W_s)
    return row
