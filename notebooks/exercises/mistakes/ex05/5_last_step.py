"""Only the last step contributes. The weights are used at every step.

Seen: https://github.com/mratsim/Arraymancer/pull/237
"""


def weights_back(dE_ds1, dE_ds2, s1, s2):
    for t in range(1, len(s1)):
        dE_dW_s1 = s1[t - 1].T @ (dE_ds1[t] * (1 - s1[t] ** 2))
        dE_dW_x2 = s1[t].T @ (dE_ds2[t] * (1 - s2[t] ** 2))
    return dE_dW_s1, dE_dW_x2
