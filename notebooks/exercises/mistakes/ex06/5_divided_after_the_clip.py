"""The sum is clipped and divided afterwards. So a long gradient ends far shorter than the threshold."""


def accumulate(parts, sizes, threshold):
    total = []
    for j in range(3):
        total.append(sum(sizes[k] * parts[k][j] for k in range(len(parts))))
    clipped = clip_by_norm(total, threshold)
    return tuple(grad / sum(sizes) for grad in clipped)
