"""The sequences of a mini-batch are added up. Their mean is asked for."""

import numpy as np


def batch_errors(y, d, lengths, M):
    mask = (np.arange(len(y))[:, None] < lengths)[:, :, None]
    off = mask * (y - d)
    E = [0.5 * (off[:, k : k + M] ** 2).sum() for k in range(0, y.shape[1], M)]
    return np.array(E), off
