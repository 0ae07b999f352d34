"""This is a mean over all valid steps. Add up over the steps; take the mean over sequences only."""

import numpy as np


def batch_errors(y, d, lengths, M):
    mask = (np.arange(len(y))[:, None] < lengths)[:, :, None]
    off = mask * (y - d)
    E, dE_dy = [], []
    for k in range(0, len(lengths), M):
        part = off[:, k : k + M]
        B = lengths[k : k + M].sum()
        E.append((part**2).sum() / (2 * B))
        dE_dy.append(part / B)
    return np.array(E), np.concatenate(dE_dy, axis=1)
