"""The memory is right and nobody hears it: at the question it is not shown."""

import numpy as np


def set_by_hand(T):
    W = np.array(
        [
            [0, 0, 0, 0],  # STM
            [3, 0, 0, 0],  # value
            [0, 24, -24, 0],  # bit
            [0, 0, 0, 0],  # question
        ]
    )
    return W, np.array([0, -12, 12, -12])
