"""The mean was not taken away."""

import numpy as np


def standardize(train, test, train_lengths, test_lengths):
    frames = np.concatenate([train[:n, b] for b, n in enumerate(train_lengths)])
    return train / frames.std(axis=0), test / frames.std(axis=0)
