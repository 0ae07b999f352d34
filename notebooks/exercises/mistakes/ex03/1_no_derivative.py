"""φ′ is taken to be s_t. But s_t is what σ returns, not the derivative of σ there."""

import numpy as np


def jacobian(s_t, W_s):
    return np.diag(s_t) @ W_s.T
