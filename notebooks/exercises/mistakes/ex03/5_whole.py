"""Every entry is the whole derivative. Only the w of one step may move at a time."""


def contributions(phi, w, s_0, x):
    s_N = s_0
    for x_t in x:
        s_N = phi(w * s_N + x_t)
    return [s_N.diff(w) for _ in x]
