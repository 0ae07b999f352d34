"""The last step of each sequence is left out. It is not padding yet."""

import numpy as np


def batch_errors(y, d, lengths, M):
    mask = (np.arange(1, len(y) + 1)[:, None] < lengths)[:, :, None]
    off = mask * (y - d)
    E, dE_dy = [], []
    for k in range(0, len(lengths), M):
        part = off[:, k : k + M]
        B = part.shape[1]
        E.append((part**2).sum() / (2 * B))
        dE_dy.append(part / B)
    return np.array(E), np.concatenate(dE_dy, axis=1)
