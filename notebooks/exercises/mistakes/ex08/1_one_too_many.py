"""There is one forget factor too many: that of step `start`. It acts on what was there before, not on
the new.
"""

import numpy as np


def kept(f, i, start, end):
    product = np.ones(f.shape[1:])
    for t in range(start, end + 1):
        product = product * f[t - 1]
    return product * i[start - 1]
