"""These are the immediate derivatives of the states. Each has its way to s_N still to go.

Seen: https://github.com/qixianbiao/RNN/issues/2
"""

import sympy as sp


def contributions(phi, w, s_0, x):
    own, found, s = sp.Symbol("own"), [], s_0
    for x_t in x:
        found.append(phi(own * s + x_t).diff(own).subs(own, w))
        s = phi(w * s + x_t)
    return found
