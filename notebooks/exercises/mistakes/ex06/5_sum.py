"""This is the sum over all sequences. The gradient of a batch is their mean."""


def accumulate(parts, sizes, threshold):
    total = []
    for j in range(3):
        total.append(sum(sizes[k] * parts[k][j] for k in range(len(parts))))
    return clip_by_norm(tuple(total), threshold)
