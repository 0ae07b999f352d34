"""Sequences run on after their end. An event of zeros is an event too: the biases still act.

Seen: https://github.com/keras-team/keras/issues/1300
"""

import numpy as np


def run(x, lengths, LTM_0, STM_0, W, b):
    LTM, STM = [LTM_0], [STM_0]
    for x_t in x:
        LTM_t, STM_t = step(LTM[-1], STM[-1], x_t, W, b)
        LTM.append(LTM_t)
        STM.append(STM_t)
    return np.array(LTM), np.array(STM)
