"""The slopes of σ are multiplied. On the direct path the gates stay as they are; what they let through
is varied.
"""


def kept(f, i, start, end):
    dN = i[start - 1]
    for t in range(start + 1, end + 1):
        f_t = f[t - 1]
        dN = dN * f_t * (1 - f_t)
    return dN
