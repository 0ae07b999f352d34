"""φ′ is taken at the state where an arrow starts. It belongs to the state that φ makes."""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    product = dE_ds_N
    for (layer, t), (next_layer, _) in zip(path, path[1:], strict=False):
        W = {(1, 1): W_s1, (1, 2): W_x2, (2, 2): W_s2}[layer, next_layer]
        s_t = [s1, s2][layer - 1][t]
        product *= W * (1 - s_t**2)
    i = path[0][1]
    return product * (1 - s1[i] ** 2) * s1[i - 1]
