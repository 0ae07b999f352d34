"""STM is handed on where LTM belongs, so what is not shown is lost. Two states go along the arrow."""

import numpy as np


def run(x, lengths, LTM_0, STM_0, W, b):
    LTM, STM = [LTM_0], [STM_0]
    for t in range(len(x)):
        on = (t < lengths)[:, None]
        new_LTM, new_STM = step(STM[-1], STM[-1], x[t], W, b)
        LTM.append(np.where(on, new_LTM, LTM[-1]))
        STM.append(np.where(on, new_STM, STM[-1]))
    return np.array(LTM), np.array(STM)
