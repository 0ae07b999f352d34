"""The weights are counted again at every step. Unfolded, it is the same net: they are shared."""


def count_weights(n_x, n_s, n_y, T):
    return T * (n_x * n_s + n_s * n_s + n_s + n_s * n_y)
