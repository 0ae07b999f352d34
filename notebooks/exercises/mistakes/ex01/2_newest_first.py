"""The newest input comes first. Here the oldest is to be first.

Seen: https://github.com/miyosuda/async_deep_reinforce/issues/2
"""

import numpy as np


def windows(x, w):
    window = np.zeros((w, x.shape[1]))
    rows = []
    for x_t in x:
        window = np.concatenate([x_t[None], window[:-1]])
        rows.append(window.ravel())
    return np.array(rows)
