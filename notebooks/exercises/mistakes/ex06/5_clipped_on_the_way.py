"""The sum is clipped after every part. So the parts that come late weigh more.

Seen: https://github.com/huggingface/transformers/issues/986
"""


def accumulate(parts, sizes, threshold):
    mean = (0, 0, 0)
    for k in range(len(parts)):
        weight = sizes[k] / sum(sizes)
        mean = tuple(mean[j] + weight * parts[k][j] for j in range(3))
        mean = clip_by_norm(mean, threshold)
    return mean
