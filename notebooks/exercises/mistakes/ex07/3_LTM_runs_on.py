"""After its end a sequence keeps STM, but its LTM goes on changing."""

import numpy as np


def run(x, lengths, LTM_0, STM_0, W, b):
    LTM, STM = [LTM_0], [STM_0]
    for t in range(len(x)):
        on = (t < lengths)[:, None]
        new_LTM, new_STM = step(LTM[-1], STM[-1], x[t], W, b)
        LTM.append(new_LTM)
        STM.append(np.where(on, new_STM, STM[-1]))
    return np.array(LTM), np.array(STM)
