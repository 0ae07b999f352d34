"""φ′ is missing between the state and the weight."""


def weights_back(dE_ds1, dE_ds2, s1, s2):
    steps = range(1, len(s1))
    dE_dW_s1 = sum(s1[t - 1].T @ dE_ds1[t] for t in steps)
    dE_dW_x2 = sum(s1[t].T @ dE_ds2[t] for t in steps)
    return dE_dW_s1, dE_dW_x2
