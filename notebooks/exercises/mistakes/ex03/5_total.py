"""The chains end in total derivatives, so early steps are counted again and again.

Seen: https://github.com/d2l-ai/d2l-en/issues/2616
"""

import sympy as sp


def contributions(phi, w, s_0, x):
    z = sp.Symbol("z")
    slope = sp.diff(phi(z), z)
    s, steps = [s_0], []
    for x_t in x:
        steps.append(w * slope.subs(z, w * s[-1] + x_t))  # ∂s_t/∂s_{t-1}
        s.append(phi(w * s[-1] + x_t))
    found = []
    for i in range(1, len(s)):
        found.append(sp.prod(steps[i:]) * sp.diff(s[i], w))
    return found
