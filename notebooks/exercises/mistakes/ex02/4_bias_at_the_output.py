"""The readout y_t = s_t W_y of this course has no bias."""


def count_weights(n_x, n_s, n_y, T):
    return (n_x + n_s + 1) * n_s + (n_s + 1) * n_y
