"""Each of the three arrays is clipped by itself. Together they are one gradient."""


def accumulate(parts, sizes, threshold):
    result = []
    for j in range(3):
        mean = sum(sizes[k] * parts[k][j] for k in range(len(parts))) / sum(sizes)
        result.append(clip_by_norm([mean], threshold)[0])
    return tuple(result)
