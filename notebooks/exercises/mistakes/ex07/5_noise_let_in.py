"""The noise is let in: soon the memory is full of it. When is i_t to be open?"""

import numpy as np


def set_by_hand(T):
    W = np.array(
        [
            [0, 0, 0, 0],  # STM
            [3, 0, 0, 0],  # value
            [0, 0, -24, 0],  # bit
            [0, 0, 0, 24],  # question
        ]
    )
    return W, np.array([0, 12, 12, -12])
