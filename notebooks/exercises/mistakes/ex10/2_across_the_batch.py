"""Softmax runs over the sequences of the batch. Classes compete for one sequence, not sequences for a
class.
"""

import numpy as np


def loss_and_share(y, labels, lengths):
    ends = np.array([y[n - 1, b] for b, n in enumerate(lengths)])
    shifted = ends - ends.max(axis=0, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    E = -np.mean(log_p[np.arange(len(labels)), labels])
    return E, np.mean(ends.argmax(axis=1) == labels)
