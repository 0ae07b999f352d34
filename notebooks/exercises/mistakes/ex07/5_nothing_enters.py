"""No bit enters the memory. Which gate has to be open at a bit, and does N_t see the value?"""

import numpy as np


def set_by_hand(T):
    W = np.array(
        [
            [3, 0, 0, 0],  # STM
            [0, 24, -24, 0],  # value
            [0, 0, 0, 24],  # bit
            [0, 0, 0, 0],  # question
        ]
    )
    return W, np.array([0, -12, 12, -12])
