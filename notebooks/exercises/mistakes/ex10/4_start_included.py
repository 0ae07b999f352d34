"""The start sign is among the symbols. It was given, not said."""

import numpy as np


def greedy(step, state, start, end, most):
    said = [start]
    while len(said) <= most:
        scores, state = step(said[-1], state)
        symbol = np.argmax(scores)
        if symbol == end:
            break
        said.append(symbol)
    return said
