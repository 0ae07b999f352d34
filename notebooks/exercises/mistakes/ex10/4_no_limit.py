"""It goes on until the end sign comes, however long that takes. A decoder may never say it: `most` is there
for that.
"""

import numpy as np


def greedy(step, state, start, end, most):
    said, symbol = [], start
    while symbol != end:
        scores, state = step(symbol, state)
        symbol = int(np.argmax(scores))
        said.append(symbol)
    return said[:-1]
