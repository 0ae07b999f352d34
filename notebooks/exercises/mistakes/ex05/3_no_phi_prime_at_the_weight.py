"""In the last factor φ′ is missing. Between the weight and the state it helps to make stands φ."""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    states, weights = (None, s1, s2), {(1, 1): W_s1, (1, 2): W_x2, (2, 2): W_s2}
    product = dE_ds_N * s1[path[0][1] - 1]
    for (layer, _), (to, t) in zip(path, path[1:], strict=False):
        product *= weights[layer, to] * (1 - states[to][t] ** 2)
    return product
