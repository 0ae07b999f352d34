"""The factors along the path are added. Along a path they are multiplied; paths are added."""


def path_product(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2):
    total = dE_ds_N
    for a, b in zip(path, path[1:], strict=False):
        if b[0] == 1:
            total += (1 - s1[b[1]] ** 2) * W_s1
        elif a[0] == 1:
            total += (1 - s2[b[1]] ** 2) * W_x2
        else:
            total += (1 - s2[b[1]] ** 2) * W_s2
    i = path[0][1]
    return total + (1 - s1[i] ** 2) * s1[i - 1]
