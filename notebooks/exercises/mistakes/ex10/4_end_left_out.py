"""It goes on after the end sign, and only the sign itself is left out. Whatever comes after it was not
said.
"""

import numpy as np


def greedy(step, state, start, end, most):
    said, symbol = [], start
    for _ in range(most):
        scores, state = step(symbol, state)
        symbol = int(np.argmax(scores))
        said.append(symbol)
    return [symbol for symbol in said if symbol != end]
