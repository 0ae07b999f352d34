"""It starts from zeros. LTM_0 and STM_0 are given."""

import numpy as np


def run(x, lengths, LTM_0, STM_0, W, b):
    LTM, STM = [np.zeros_like(LTM_0)], [np.zeros_like(STM_0)]
    for t in range(len(x)):
        on = (t < lengths)[:, None]
        new_LTM, new_STM = step(LTM[-1], STM[-1], x[t], W, b)
        LTM.append(np.where(on, new_LTM, LTM[-1]))
        STM.append(np.where(on, new_STM, STM[-1]))
    return np.array(LTM), np.array(STM)
