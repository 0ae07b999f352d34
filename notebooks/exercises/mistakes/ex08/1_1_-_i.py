"""Instead of i stands 1 − i, as if a large ignore factor kept things out. The name misleads: it admits."""


def kept(f, i, start, end):
    left = 1 - i[start - 1]
    for t in range(start + 1, end + 1):
        left = left * f[t - 1]
    return left
