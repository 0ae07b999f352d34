"""σ is applied to the states once more. They are outputs of σ already.

Seen: https://github.com/wvabrinskas/Neuron/pull/181
"""

import numpy as np


def reach(dE_ds_N, s, W_s):
    sigma = 1 / (1 + np.exp(-s))
    slopes = sigma * (1 - sigma)
    rows = [dE_ds_N]
    for slope in slopes[:0:-1]:
        rows.append((rows[-1] * slope) @ W_s.T)
    return np.linalg.norm(rows[::-1], axis=2)
