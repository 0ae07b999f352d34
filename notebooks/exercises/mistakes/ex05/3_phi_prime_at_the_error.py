"""There is one φ′ too many, at the end of the path. What is given there is the derivative by the state
itself.
"""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    states = {1: s1, 2: s2}
    weight = {(1, 1): W_s1, (1, 2): W_x2, (2, 2): W_s2}
    product = dE_ds_N * (1 - s2[-1] ** 2)
    for (start, _), (layer, t) in zip(path, path[1:], strict=False):
        product *= weight[start, layer] * (1 - states[layer][t] ** 2)
    i = path[0][1]
    return product * (1 - s1[i] ** 2) * s1[i - 1]
