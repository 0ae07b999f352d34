"""Each sequence is read one step too early: row 0 of s is s_0, so s[t] is s_t."""

import numpy as np


def last_outputs(s, W_y, lengths):
    y = [s[length - 1, b] @ W_y for b, length in enumerate(lengths)]
    return np.array(y)
