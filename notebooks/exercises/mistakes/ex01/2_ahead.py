"""The window looks ahead: it begins with the input of its step and goes on to later ones. It should
end with it.
"""

import numpy as np


def windows(x, w):
    padded = np.vstack([x, np.zeros((w - 1, x.shape[1]))])
    return np.hstack([padded[j : j + len(x)] for j in range(w)])
