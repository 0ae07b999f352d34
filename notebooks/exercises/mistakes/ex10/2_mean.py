"""The outputs are averaged over the sequence before they are read. Early on the net has heard too little to
know; its answer is the one at the end.
"""

import numpy as np


def loss_and_share(y, labels, lengths):
    ends = np.array([y[:n, b].sum(axis=0) / n for b, n in enumerate(lengths)])
    shifted = ends - ends.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    E = -np.mean(log_p[np.arange(len(labels)), labels])
    return E, np.mean(ends.argmax(axis=1) == labels)
