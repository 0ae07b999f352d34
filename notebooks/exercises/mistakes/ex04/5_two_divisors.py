"""E is a mean over sequences, but dE_dy is the derivative of their sum. Both need the same divisor.

Seen: https://github.com/k2-fsa/snowfall/issues/194
"""

import numpy as np


def batch_errors(y, d, lengths, M):
    mask = (np.arange(len(y))[:, None] < lengths)[:, :, None]
    off = mask * (y - d)
    E, dE_dy = [], []
    for k in range(0, len(lengths), M):
        part = off[:, k : k + M]
        B = part.shape[1]
        E.append((part**2).sum() / (2 * B))
        dE_dy.append(part)
    return np.array(E), np.concatenate(dE_dy, axis=1)
