"""Only the error of each sequence's last step is left. Add up all its steps."""

import numpy as np


def batch_errors(y, d, lengths, M):
    K = len(lengths)
    off = np.zeros_like(y)
    off[lengths - 1, np.arange(K)] = (y - d)[lengths - 1, np.arange(K)]
    E, dE_dy = [], []
    for k in range(0, len(lengths), M):
        part = off[:, k : k + M]
        B = part.shape[1]
        E.append((part**2).sum() / (2 * B))
        dE_dy.append(part / B)
    return np.array(E), np.concatenate(dE_dy, axis=1)
