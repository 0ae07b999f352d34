"""All symbols come from the scores of the first step. Each needs a step of its own."""

import numpy as np


def greedy(step, state, start, end, most):
    scores, state = step(start, state)
    said = []
    while len(said) < most and np.argmax(scores) != end:
        said.append(np.argmax(scores))
    return said
