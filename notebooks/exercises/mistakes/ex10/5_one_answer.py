"""All gestures of a batch get the same answer. Were these weights trained, and is each gesture asked by
itself?
"""

import numpy as np


def predict(x, lengths):
    y = network.forward(params, x).y
    return np.full(len(lengths), np.argmax(y.sum(axis=(0, 1))))
