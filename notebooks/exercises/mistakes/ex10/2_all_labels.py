"""E compares each sequence with the labels of all sequences. Each has one label, its own."""

import numpy as np


def loss_and_share(y, labels, lengths):
    ends = y[lengths - 1, np.arange(len(labels))]
    ends = ends - ends.max(axis=1, keepdims=True)
    log_p = ends - np.log(np.exp(ends).sum(axis=1, keepdims=True))
    return -log_p[:, labels].mean(), np.mean(ends.argmax(axis=1) == labels)
