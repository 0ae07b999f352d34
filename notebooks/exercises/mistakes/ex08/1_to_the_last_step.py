"""This goes on to the last step of the sequence. The question is what is left at `end`."""


def kept(f, i, start, end):
    product = i[start - 1]
    for f_t in f[start:]:
        product = product * f_t
    return product
