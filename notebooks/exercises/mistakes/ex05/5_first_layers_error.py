"""For W_x2 this takes the error at the first layer's states. What does the weight make?"""


def weights_back(dE_ds1, dE_ds2, s1, s2):
    dE_dW_s1 = dE_dW_x2 = 0
    for t in range(1, len(s1)):
        a1 = dE_ds1[t] * (1 - s1[t] ** 2)
        dE_dW_s1 = dE_dW_s1 + s1[t - 1].T @ a1
        dE_dW_x2 = dE_dW_x2 + s1[t].T @ a1
    return dE_dW_s1, dE_dW_x2
