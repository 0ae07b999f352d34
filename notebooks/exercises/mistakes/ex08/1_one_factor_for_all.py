"""One forget factor stands for all steps. The gate opens and closes: every step has its own."""


def kept(f, i, start, end):
    f_end = f[end - 1]
    return i[start - 1] * f_end ** (end - start)
