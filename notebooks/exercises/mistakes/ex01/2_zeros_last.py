"""In the first windows the zeros stand after the inputs. They stand for steps before the start, so
where is their place?
"""

import numpy as np


def windows(x, w):
    rows = np.zeros((len(x), w * x.shape[1]))
    for t in range(len(x)):
        seen = x[max(0, t - w + 1) : t + 1].ravel()
        rows[t, : len(seen)] = seen
    return rows
