"""The net starts from zero. It starts from s_0: a zero hides a part of the derivative.

Seen: https://community.deeplearning.ai/t/week1-assignment-1-rnn-forward/555049
"""

import sympy as sp


def contributions(phi, w, s_0, x):
    names = sp.symbols(f"w_1:{len(x) + 1}")
    s = 0
    for i, x_t in enumerate(x):
        s = phi(names[i] * s + x_t)
    return [sp.diff(s, name).subs(dict.fromkeys(names, w)) for name in names]
