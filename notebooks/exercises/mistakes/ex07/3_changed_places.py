"""LTM and STM change places from one step to the next."""

import numpy as np


def run(x, lengths, LTM_0, STM_0, W, b):
    LTM, STM = [LTM_0], [STM_0]
    for t in range(len(x)):
        on = (t < lengths)[:, None]
        new_STM, new_LTM = step(LTM[-1], STM[-1], x[t], W, b)
        LTM.append(np.where(on, new_LTM, LTM[-1]))
        STM.append(np.where(on, new_STM, STM[-1]))
    return np.array(LTM), np.array(STM)
