"""The start sign is among the symbols, and `most` counts it. It was given, not said."""

import numpy as np


def greedy(step, state, start, end, most):
    said, symbol = [], start
    while symbol != end and len(said) < most:
        said.append(symbol)
        scores, state = step(symbol, state)
        symbol = int(np.argmax(scores))
    return said
