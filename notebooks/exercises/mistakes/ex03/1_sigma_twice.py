"""φ′ is taken as if s_t were the weighted sum z_t. But s_t has been through σ already.

Seen: https://github.com/wvabrinskas/Neuron/pull/181
"""

import numpy as np


def sigma(z):
    return 1 / (1 + np.exp(-z))


def jacobian(s_t, W_s):
    slope = sigma(s_t) * (1 - sigma(s_t))
    return np.diag(slope) @ W_s.T
