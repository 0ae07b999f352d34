"""W_s is counted as one number for each unit. Every unit feeds every unit."""


def count_weights(n_x, n_s, n_y, T):
    return n_x * n_s + n_s + n_s + n_s * n_y
