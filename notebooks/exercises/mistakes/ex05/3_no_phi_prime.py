"""The weights are there, but no φ′.

Seen: https://github.com/SciML/SciMLBook/issues/164
"""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    weights = {(1, 1): W_s1, (1, 2): W_x2, (2, 2): W_s2}
    product = dE_ds_N
    for a, b in zip(path, path[1:], strict=False):
        product *= weights[a[0], b[0]]
    return product * s1[path[0][1] - 1]
