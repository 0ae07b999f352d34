"""These are the states at the ends. The outputs are read from them by W_y."""

import numpy as np


def last_outputs(s, W_y, lengths):
    return np.stack([s[length, b] for b, length in enumerate(lengths)])
