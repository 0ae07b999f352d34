"""The cell says the bit when it comes, and is silent when asked. Which number of x_t tells the question?"""

import numpy as np


def set_by_hand(T):
    W = np.array(
        [
            [0, 0, 0, 0],  # STM
            [3, 0, 0, 0],  # value
            [0, 24, -24, 24],  # bit
            [0, 0, 0, 0],  # question
        ]
    )
    return W, np.array([0, -12, 12, -12])
