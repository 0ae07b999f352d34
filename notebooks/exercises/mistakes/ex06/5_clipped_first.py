"""Each part is clipped before the average. Each gets a factor of its own, and that turns the mean."""


def accumulate(parts, sizes, threshold):
    clipped = [clip_by_norm(part, threshold) for part in parts]
    mean = []
    for j in range(3):
        total = sum(sizes[k] * clipped[k][j] for k in range(len(parts)))
        mean.append(total / sum(sizes))
    return tuple(mean)
