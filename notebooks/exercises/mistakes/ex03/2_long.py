"""The product is one step too long: it goes on to the state before s_i.

Seen: https://github.com/d2l-ai/d2l-en/pull/431
"""


def dE_ds(i, s, W_s, W_y, dE_dy):
    N = len(s) - 1
    row = W_y @ dE_dy
    for k in range(i, N + 1)[::-1]:
        row = row @ jacobian(s[k], W_s)
    return row
