"""Only the last forget factor is there. Those of the steps before it are overwritten on the way."""


def kept(f, i, start, end):
    left = i[start - 1]
    for t in range(start + 1, end + 1):
        left = i[start - 1] * f[t - 1]
    return left
