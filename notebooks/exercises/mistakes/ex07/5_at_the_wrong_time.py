"""The cell talks before it is asked and is silent when asked. What does V_t look at, and which way does
that move it?"""

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
