"""The gates are nearly open and nearly closed. That is not enough: what is missing adds up over T steps."""

import numpy as np


def set_by_hand(T):
    W = np.array(
        [
            [0, 0, 0, 0],  # STM
            [3, 0, 0, 0],  # value
            [0, 6, -6, 0],  # bit
            [0, 0, 0, 8],  # question
        ]
    )
    return W, np.array([0, -3, 3, -4])
