"""φ is applied to the outputs. The readout y_t = s_t W_y has none."""

import numpy as np


def last_outputs(s, W_y, lengths):
    return np.tanh(s[lengths, range(len(lengths))] @ W_y)
