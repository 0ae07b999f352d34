"""The bias b_s is missing: one weight for each unit of the state."""


def count_weights(n_x, n_s, n_y, T):
    return n_s * (n_x + n_s + n_y)
