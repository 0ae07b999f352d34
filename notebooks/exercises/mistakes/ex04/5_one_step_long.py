"""One step too many counts for each sequence: the first step of its padding."""

import numpy as np


def batch_errors(y, d, lengths, M):
    mask = (np.arange(len(y))[:, None] <= lengths)[:, :, None]
    off = mask * (y - d)
    E, dE_dy = [], []
    for k in range(0, len(lengths), M):
        part = off[:, k : k + M]
        B = part.shape[1]
        E.append((part**2).sum() / (2 * B))
        dE_dy.append(part / B)
    return np.array(E), np.concatenate(dE_dy, axis=1)
