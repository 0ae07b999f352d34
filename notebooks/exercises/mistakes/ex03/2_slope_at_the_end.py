"""The row ends with a φ′ too many, that of s_i: this is how E_N depends on z_i, inside σ, not on s_i."""


def dE_ds(i, s, W_s, W_y, dE_dy):
    delta = dE_dy @ W_y.T * s[-1] * (1 - s[-1])
    for t in range(len(s) - 2, i - 1, -1):
        delta = delta @ W_s.T * s[t] * (1 - s[t])
    return delta
