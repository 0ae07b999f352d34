"""The memory is emptied one step too soon: the last step of a sequence does not find the memory of its
own sequence.
"""

import numpy as np


def run(x, new, W_x, W_s, W_y):
    s = np.zeros(len(W_s))
    y = []
    for t in range(len(x)):
        if t + 1 < len(x) and new[t + 1]:
            s = np.zeros(len(W_s))
        s = x[t] @ W_x + s @ W_s
        y.append(s @ W_y)
    return np.array(y)
