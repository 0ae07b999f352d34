"""In the climb stands φ′ of the lower state. Which φ made the state above?"""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    product = dE_ds_N
    for (layer, t), (next_layer, next_t) in zip(path, path[1:], strict=False):
        if layer != next_layer:
            product *= W_x2 * (1 - s1[t] ** 2)
        elif layer == 1:
            product *= W_s1 * (1 - s1[next_t] ** 2)
        else:
            product *= W_s2 * (1 - s2[next_t] ** 2)
    i = path[0][1]
    return product * (1 - s1[i] ** 2) * s1[i - 1]
