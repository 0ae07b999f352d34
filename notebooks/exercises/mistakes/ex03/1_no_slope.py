"""φ′ is missing: this is how z_t depends on s_{t-1}, not how s_t does."""


def jacobian(s_t, W_s):
    return W_s.T
