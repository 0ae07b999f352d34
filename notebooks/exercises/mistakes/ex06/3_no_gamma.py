"""The slope of φ has no influence here. Every step back passes through φ too.

Seen: https://github.com/woowacampers/d2l-pytorch/issues/4
"""

import math

import numpy as np


def surely_gone(W_s, gamma, part):
    factor = np.linalg.norm(W_s, ord=2)
    if factor >= 1:
        return math.inf
    return math.ceil(math.log(part, factor))
