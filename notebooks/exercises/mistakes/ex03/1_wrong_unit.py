"""Each φ′ multiplies the entries of another unit: NumPy stretched the vector along the wrong axis."""


def jacobian(s_t, W_s):
    slope = s_t * (1 - s_t)
    return slope * W_s.T
