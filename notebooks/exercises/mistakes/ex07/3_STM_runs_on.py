"""After its end a sequence keeps LTM, but its STM goes on changing."""

import numpy as np


def run(x, lengths, LTM_0, STM_0, W, b):
    LTM, STM = [LTM_0], [STM_0]
    for t in range(len(x)):
        on = (t < lengths)[:, None]
        new_LTM, new_STM = step(LTM[-1], STM[-1], x[t], W, b)
        LTM.append(np.where(on, new_LTM, LTM[-1]))
        STM.append(new_STM)
    return np.array(LTM), np.array(STM)
