"""Mean and spread are found for each sequence, and then averaged. So a frame of a short sequence counts more
than one of a long sequence, and the spread between the sequences is lost.
"""

import numpy as np


def standardize(train, test, train_lengths, test_lengths):
    real = [train[:n, b] for b, n in enumerate(train_lengths)]
    mean = np.mean([x.mean(axis=0) for x in real], axis=0)
    std = np.mean([x.std(axis=0) for x in real], axis=0)
    parts = []
    for x, lengths in [(train, train_lengths), (test, test_lengths)]:
        mask = np.arange(len(x))[:, None] < lengths
        parts.append(np.where(mask[..., None], (x - mean) / std, 0))
    return tuple(parts)
