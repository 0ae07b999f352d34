"""The product ends at the path's first state. The step from this state to the weight is missing."""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    s = {1: s1, 2: s2}
    W = {(1, 1): W_s1, (1, 2): W_x2, (2, 2): W_s2}
    product = dE_ds_N
    for k in range(len(path) - 1, 0, -1):
        layer, t = path[k]
        product *= W[path[k - 1][0], layer] * (1 - s[layer][t] ** 2)
    return product
