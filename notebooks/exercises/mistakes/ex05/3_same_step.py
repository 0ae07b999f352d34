"""The last factor holds the state that the weight makes. It holds the state that the weight multiplies.

Seen: https://github.com/VikParuchuri/zero_to_gpt/issues/9
"""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    product = dE_ds_N
    for (a, _), (b, t) in zip(path, path[1:], strict=False):
        if b == 1:
            product *= W_s1 * (1 - s1[t] ** 2)
        else:
            product *= (W_x2 if a == 1 else W_s2) * (1 - s2[t] ** 2)
    enters = path[0][1]
    return product * (1 - s1[enters] ** 2) * s1[enters]
