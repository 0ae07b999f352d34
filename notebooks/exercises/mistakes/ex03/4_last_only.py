"""Only the contribution of s_N is there. W_x is used at every step, and every use adds its part.

Seen: https://github.com/FluxML/Flux.jl/issues/1209
"""

import numpy as np


def gradient_W_x(x, d_N, s, W_s, W_y):
    dE_dy = s[-1] @ W_y - d_N
    delta = dE_dy @ W_y.T * s[-1] * (1 - s[-1])
    return np.outer(x[-1], delta)
