"""These are the total derivatives of s_1, s_2 and so on. Asked for is only s_N, and what each step
contributes to it.
"""


def contributions(phi, w, s_0, x):
    s, found = s_0, []
    for x_t in x:
        s = phi(w * s + x_t)
        found.append(s.diff(w))
    return found
