"""The test set is standardized by its own mean and spread. One new utterance alone would have none: what is
done to it must be known before it comes.
"""

import numpy as np


def standardize(train, test, train_lengths, test_lengths):
    def new_scale(x, lengths):
        real = np.arange(len(x))[:, None] < lengths
        return np.where(real[..., None], (x - x[real].mean(axis=0)) / x[real].std(axis=0), 0)

    return new_scale(train, train_lengths), new_scale(test, test_lengths)
