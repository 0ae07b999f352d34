"""All factors are of one step later than they should be: row 0 holds step 1, as always with what a
step computes.
"""


def kept(f, i, start, end):
    product = i[start].copy()
    for t in range(start + 1, end + 1):
        product *= f[t]
    return product
