"""The newest input comes first, and before the start the first windows see the end of the sequence.
Two things to change.
"""

import numpy as np


def windows(x, w):
    T = len(x)
    rows = []
    for t in range(T):
        rows.append(np.concatenate([x[t - j] for j in range(w)]))
    return np.array(rows)
