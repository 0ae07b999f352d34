"""The result is right, but the gradients that came in were overwritten. Add up in new arrays."""


def accumulate(parts, sizes, threshold):
    total = parts[0]
    for j in range(3):
        total[j][:] *= sizes[0]
        for k in range(1, len(parts)):
            total[j][:] += sizes[k] * parts[k][j]
    return clip_by_norm(tuple(grad / sum(sizes) for grad in total), threshold)
