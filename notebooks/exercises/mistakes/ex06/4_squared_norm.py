"""The norm is missing its square root.

Seen: https://github.com/paiml/entrenar/issues/311
"""


def clip_by_norm(gradients, threshold):
    norm = sum((grad**2).sum() for grad in gradients)
    if norm > threshold:
        return tuple(grad * threshold / norm for grad in gradients)
    return gradients
