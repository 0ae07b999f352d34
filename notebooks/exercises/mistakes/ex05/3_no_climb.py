"""The move from the first layer into the second has no factor. It is an arrow like the others."""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    product = dE_ds_N
    for (layer, _), (next_layer, t) in zip(path, path[1:], strict=False):
        if layer == next_layer == 1:
            product *= (1 - s1[t] ** 2) * W_s1
        if layer == next_layer == 2:
            product *= (1 - s2[t] ** 2) * W_s2
    i = path[0][1]
    return product * (1 - s1[i] ** 2) * s1[i - 1]
