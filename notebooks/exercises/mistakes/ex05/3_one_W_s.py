"""W_s of the first layer is used in both layers. Each layer has weights of its own."""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    product = dE_ds_N
    for (layer, _), (next_layer, t) in zip(path, path[1:], strict=False):
        s = s1 if next_layer == 1 else s2
        W = W_s1 if layer == next_layer else W_x2
        product = product * W * (1 - s[t] ** 2)
    i = path[0][1]
    return product * (1 - s1[i] ** 2) * s1[i - 1]
