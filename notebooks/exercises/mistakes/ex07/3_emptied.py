"""After its end a sequence's states are zeros. They stay as they were at its last event."""

import numpy as np


def run(x, lengths, LTM_0, STM_0, W, b):
    LTM, STM = [LTM_0], [STM_0]
    for t in range(len(x)):
        on = (t < lengths)[:, None]
        new_LTM, new_STM = step(LTM[-1], STM[-1], x[t], W, b)
        LTM.append(on * new_LTM)
        STM.append(on * new_STM)
    return np.array(LTM), np.array(STM)
