"""This is the weighted sum, before φ. The state is φ of it, and φ is tanh here."""


def step(x_t, s_prev, W_x, W_s, b_s):
    return x_t @ W_x + s_prev @ W_s + b_s
