"""E is made of the outputs themselves. They are no probabilities before softmax."""

import numpy as np


def loss_and_share(y, labels, lengths):
    ends = np.array([y[n - 1, b] for b, n in enumerate(lengths)])
    E = -np.mean([ends[b, label] for b, label in enumerate(labels)])
    return E, np.mean(ends.argmax(axis=1) == labels)
