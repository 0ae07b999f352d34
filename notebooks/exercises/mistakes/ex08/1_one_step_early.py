"""All forget factors are of one step earlier than they should be: step `start` acts on what was there
before, step `end` on this.
"""


def kept(f, i, start, end):
    product = i[start - 1]
    for t in range(start, end):
        product = product * f[t - 1]
    return product
