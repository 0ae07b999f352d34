"""The memory lets the bit pass by and takes in the noise. Is i_t the wrong way round, or in the place of
f_t?"""

import numpy as np


def set_by_hand(T):
    W = np.array(
        [
            [0, 0, 0, 0],  # STM
            [3, 0, 0, 0],  # value
            [0, -24, 24, 0],  # bit
            [0, 0, 0, 24],  # question
        ]
    )
    return W, np.array([0, 12, -12, -12])
