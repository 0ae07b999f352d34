"""The last, smaller mini-batch is missing. Its sequences count as well."""

import numpy as np


def batch_errors(y, d, lengths, M):
    mask = (np.arange(len(y))[:, None] < lengths)[:, :, None]
    off = mask * (y - d)
    E, dE_dy = [], np.zeros(y.shape)
    for j in range(len(lengths) // M):
        batch = slice(j * M, (j + 1) * M)
        E.append(np.sum(off[:, batch] ** 2) / (2 * M))
        dE_dy[:, batch] = off[:, batch] / M
    return np.array(E), dE_dy
