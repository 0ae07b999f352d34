"""Right after the bit the memory is let go. Which value of f_t keeps?"""

import numpy as np


def set_by_hand(T):
    W = np.array(
        [
            [0, 0, 0, 0],  # STM
            [3, 0, 0, 0],  # value
            [0, 24, 24, 0],  # bit
            [0, 0, 0, 24],  # question
        ]
    )
    return W, np.array([0, -12, -12, -12])
