"""The bias is counted as one number. Each unit of the state has its own."""


def count_weights(n_x, n_s, n_y, T):
    return n_x * n_s + n_s * n_s + n_s * n_y + 1
