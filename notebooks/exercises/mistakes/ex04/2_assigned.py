"""Only one step's share of the weights is left: at each step the share before was replaced.

Seen: https://github.com/mratsim/Arraymancer/pull/237
"""


def backward(dE_ds, s, x, W_s):
    da = 0
    for t in range(len(x), 0, -1):
        da, dW_x, dW_s, db_s = step_back(dE_ds[t - 1] + da, s[t], s[t - 1], x[t - 1], W_s)
    return dW_x, dW_s, db_s, da
