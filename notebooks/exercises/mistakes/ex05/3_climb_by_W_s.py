"""On the move up stands the W_s of the first layer. Which matrix leads from one layer into the other?"""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    states = {1: s1, 2: s2}
    weight = {1: W_s1, 2: W_s2}
    product = dE_ds_N
    for (start, _), (layer, t) in zip(path, path[1:], strict=False):
        product *= weight[start] * (1 - states[layer][t] ** 2)
    i = path[0][1]
    return product * (1 - s1[i] ** 2) * s1[i - 1]
