"""The oldest input comes first, but its features have changed places: whole rows of numbers are turned
round, not the order of the inputs.
"""

import numpy as np


def windows(x, w):
    padded = np.concatenate([np.zeros((w - 1, *x.shape[1:])), x])
    newest_first = np.concatenate([padded[w - 1 - j : w - 1 - j + len(x)] for j in range(w)], axis=-1)
    return newest_first[:, ::-1]
