"""All forget factors are of one step later than they should be. Row 0 holds step 1."""


def kept(f, i, start, end):
    left = i[start - 1]
    for t in range(start + 1, end + 1):
        left = left * f[t]
    return left
