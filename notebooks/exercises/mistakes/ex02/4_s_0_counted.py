"""The initial state s_0 is counted too. Here it is given, not learned."""


def count_weights(n_x, n_s, n_y, T):
    s_0 = n_s
    return s_0 + n_x * n_s + n_s * n_s + n_s + n_s * n_y
