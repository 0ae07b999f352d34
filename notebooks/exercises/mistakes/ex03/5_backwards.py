"""These are the contributions, but that of s_N comes first. The list starts with s_1."""

import sympy as sp


def contributions(phi, w, s_0, x):
    N = len(x)
    w_t = [sp.Symbol(f"w_{t}") for t in range(1, N + 1)]
    s = s_0
    for t in range(N):
        s = phi(w_t[t] * s + x[t])
    return [sp.diff(s, w_t[i]).subs(dict.fromkeys(w_t, w)) for i in range(N - 1, -1, -1)]
