"""The weights of the readout are missing."""


def count_weights(n_x, n_s, n_y, T):
    return (n_x + n_s + 1) * n_s
