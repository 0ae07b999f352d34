"""Each sequence is read one step before its end."""

import numpy as np


def loss_and_share(y, labels, lengths):
    ends = np.array([y[n - 2, b] for b, n in enumerate(lengths)])
    shifted = ends - ends.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    E = -np.mean(log_p[np.arange(len(labels)), labels])
    return E, np.mean(ends.argmax(axis=1) == labels)
