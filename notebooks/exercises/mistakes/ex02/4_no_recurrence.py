"""W_s is missing: these are the weights of a net without memory."""


def count_weights(n_x, n_s, n_y, T):
    return n_x * n_s + n_s + n_s * n_y
