"""One symbol is missing where no end sign came. Does `most` count a sign, or is the last symbol cut off as
if it were the end sign?
"""

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
