"""The spread here is the root of the mean squared distance. Divided by one less than the number of frames,
it is the estimate for the world that they are drawn from.
"""

import numpy as np


def standardize(train, test, train_lengths, test_lengths):
    frames = np.concatenate([train[:n, b] for b, n in enumerate(train_lengths)])
    mean = frames.sum(axis=0) / len(frames)
    std = np.sqrt(((frames - mean) ** 2).sum(axis=0) / (len(frames) - 1))
    real_train = np.arange(len(train))[:, None, None] < train_lengths[:, None]
    real_test = np.arange(len(test))[:, None, None] < test_lengths[:, None]
    return (train - mean) / std * real_train, (test - mean) / std * real_test
