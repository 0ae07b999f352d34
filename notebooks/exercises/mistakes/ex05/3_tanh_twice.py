"""For φ′ tanh is applied to the states again. A state is the tanh already.

Seen: https://github.com/wvabrinskas/Neuron/pull/181
"""

import numpy as np


def slope(z):
    return 1 - np.tanh(z) ** 2


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    i = path[0][1]
    product = slope(s1[i]) * s1[i - 1]
    for a, b in zip(path, path[1:], strict=False):
        if b[0] == 1:
            product *= slope(s1[b[1]]) * W_s1
        else:
            product *= slope(s2[b[1]]) * (W_x2 if a[0] == 1 else W_s2)
    return product * dE_ds_N
