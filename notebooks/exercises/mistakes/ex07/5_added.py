"""The second bit is added to the first, of which too much is left. What is to happen to the old bit
then?"""

import numpy as np


def set_by_hand(T):
    W = np.array(
        [
            [0, 0, 0, 0],  # STM
            [3, 0, 0, 0],  # value
            [0, 24, 0, 0],  # bit
            [0, 0, 0, 24],  # question
        ]
    )
    return W, np.array([0, -12, 12, -12])
