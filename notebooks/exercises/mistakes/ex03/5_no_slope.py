"""φ′ is missing: this is right only for φ(z) = z, as in the lesson's example with w = 2."""


def contributions(phi, w, s_0, x):
    s = [s_0]
    for x_t in x:
        s.append(phi(w * s[-1] + x_t))
    N = len(x)
    return [s[i - 1] * w ** (N - i) for i in range(1, N + 1)]
