"""The end sign is among the symbols. It says that the sentence is over, and is not part of it."""

import numpy as np


def greedy(step, state, start, end, most):
    said = [start]
    while len(said) <= most and said[-1] != end:
        scores, state = step(said[-1], state)
        said.append(np.argmax(scores))
    return said[1:]
