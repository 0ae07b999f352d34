"""Both gradients are transposed. An entry stands where its weight stands."""


def weights_back(dE_ds1, dE_ds2, s1, s2):
    a1, a2 = dE_ds1 * (1 - s1**2), dE_ds2 * (1 - s2**2)
    steps = range(1, len(s1))
    return sum(a1[t].T @ s1[t - 1] for t in steps), sum(a2[t].T @ s1[t] for t in steps)
