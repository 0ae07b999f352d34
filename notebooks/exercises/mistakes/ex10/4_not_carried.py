"""Every step starts from the state that the encoder left. It must start from the one that the step before
returned.
"""

import numpy as np


def greedy(step, state, start, end, most):
    said, symbol = [], start
    for _ in range(most):
        scores, _new = step(symbol, state)
        symbol = np.argmax(scores)
        if symbol == end:
            break
        said.append(symbol)
    return said
