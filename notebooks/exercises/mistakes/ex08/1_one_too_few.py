"""The last forget factor is missing. Step `end` too keeps only a part of what it finds."""


def kept(f, i, start, end):
    product = i[start - 1]
    for t in range(start + 1, end):
        product = product * f[t - 1]
    return product
