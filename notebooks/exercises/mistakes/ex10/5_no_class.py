"""Some answers are no class at all: classes are the places in `STROKE_ORDERS`, and the first is 0."""

import numpy as np


def predict(x, lengths):
    y = network.forward(params, x).y
    return [1 + int(np.argmax(y[n - 1, b])) for b, n in enumerate(lengths)]
