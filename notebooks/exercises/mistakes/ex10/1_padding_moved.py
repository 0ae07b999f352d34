"""The padding is no longer 0: it was standardized too."""

import numpy as np


def standardize(train, test, train_lengths, test_lengths):
    frames = np.concatenate([train[:n, b] for b, n in enumerate(train_lengths)])
    mean, std = frames.mean(axis=0), frames.std(axis=0)
    return (train - mean) / std, (test - mean) / std
