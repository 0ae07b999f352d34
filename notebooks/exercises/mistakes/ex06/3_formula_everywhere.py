"""The formula is used even where the bound does not shrink. What does the bound promise there?"""

import numpy as np


def surely_gone(W_s, gamma, part):
    factor = gamma * np.linalg.norm(W_s, ord=2)
    return np.ceil(np.log(part) / np.log(factor))
