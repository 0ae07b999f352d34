"""Tasks 4 and 5 of exercise 6: clip a gradient, and the mean over the parts of a batch."""

import numpy as np

from rnnlib import optim
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["ACCUMULATE", "CLIP"]

CLIPPING = Section("6", "Clipping")


# 4. Clip

THREE = ("dE_dW_x (n_x, n_s)", "dE_dW_s (n_s, n_s)", "dE_db_s (n_s,)")


def three(rng, n_x, n_s):
    """Gradients of W_x, W_s and b_s, of similar length."""
    drawn = [rng.normal(size=shape) for shape in ((n_x, n_s), (n_s, n_s), (n_s,))]
    return tuple(grad * (rng.uniform(2, 4) / np.linalg.norm(grad)) for grad in drawn)


def sizes(rng, trial):
    return (1, 2) if trial == 0 else rng.permutation([2, 3, 4])[:2]


def draw_clip(rng, trial):
    """Below the threshold in trials 1 and 3; there the sum of the norms is above it."""
    gradients = three(rng, *sizes(rng, trial))
    part = (0.4, 1.3, 0.1, 1.2, 0.3, 0.15)[trial] * rng.uniform(0.9, 1.1)
    return {"gradients": gradients, "threshold": float(part * optim.global_norm(gradients))}


def clip_by_norm(gradients, threshold):
    return optim.clip_by_norm(tuple(gradients), threshold)


def shortened(size, always=False):
    """`clip_by_norm` with another size in the place of the norm."""

    def variant(gradients, threshold):
        factor = threshold / size(gradients)
        return tuple(grad * (factor if always else min(1, factor)) for grad in gradients)

    return variant


def to_length_1(gradients, threshold):
    norm = optim.global_norm(gradients)
    return tuple(grad / norm for grad in gradients) if norm > threshold else gradients


def each_array(gradients, threshold):
    return tuple(optim.clip_by_norm((grad,), threshold)[0] for grad in gradients)


CLIP = Task(
    title="clip",
    function="clip_by_norm",
    returns=THREE,
    draw=draw_clip,
    reference=clip_by_norm,
    mistakes=(
        Mistake(
            "by element",
            "Each number is cut by itself. That turns the gradient; it must keep its direction.",
            optim.clip_by_value,
        ),
        Mistake(
            "each array",
            "Each array is shortened by its own norm. All arrays together are one gradient, with one norm.",
            each_array,
        ),
        Mistake(
            "as printed",
            "Numbers are compared where the norm should be: large negative ones pass, large positive ones are cut.",
            lambda gradients, threshold: tuple(np.minimum(grad, threshold) for grad in gradients),
        ),
        Mistake(
            "always",
            "A short gradient is made longer. Below the threshold nothing may change.",
            shortened(optim.global_norm, always=True),
        ),
        Mistake(
            "squared norm",
            "The norm is missing its square root.",
            shortened(lambda gradients: optim.global_norm(gradients) ** 2),
        ),
        Mistake(
            "sum of norms",
            "Norms of arrays are added. The length of a whole is less than the sum of the lengths of its parts.",
            shortened(lambda gradients: sum(np.linalg.norm(grad) for grad in gradients)),
        ),
        Mistake(
            "singular values",
            "For a matrix, ord=2 is the largest singular value. That is not the length of all its numbers.",
            shortened(lambda gradients: np.linalg.norm([np.linalg.norm(grad, 2) for grad in gradients])),
        ),
        Mistake(
            "length 1",
            "What is clipped comes out with length 1, whatever the threshold is.",
            to_length_1,
        ),
        Mistake(
            "in place",
            "The result is right, but the arrays that came in were overwritten. Make new ones.",
            changes=("gradients",),
        ),
    ),
    reread=CLIPPING,
)


# 5. Parts of a batch


def draw_accumulate(rng, trial):
    """One part in the first trial; below the threshold in trials 1 and 3 (far), elsewhere above from the start."""
    n_x, n_s = sizes(rng, trial)
    counts = [3] if trial == 0 else rng.permutation([2, 5, 7, 9])[: rng.integers(3, 5)].tolist()
    parts = tuple(three(rng, n_x, n_s) for _ in counts)
    lengths = [
        optim.global_norm(mean_of(parts[:k], counts[:k], sum(counts))) for k in range(1, len(counts) + 1)
    ]
    threshold = rng.uniform(0.3, 0.6) * min(lengths)
    threshold = {1: 1.3 * lengths[-1], 3: 12 * lengths[-1]}.get(trial, threshold)
    return {"parts": parts, "sizes": counts, "threshold": float(threshold)}


def mean_of(parts, sizes, whole):
    return tuple(np.tensordot(sizes, np.stack(arrays), 1) / whole for arrays in zip(*parts, strict=True))


def accumulate(parts, sizes, threshold):
    return clip_by_norm(mean_of(parts, sizes, sum(sizes)), threshold)


def clipped_first(parts, sizes, threshold):
    return mean_of([clip_by_norm(part, threshold) for part in parts], sizes, sum(sizes))


def clipped_on_the_way(parts, sizes, threshold):
    total = mean_of(parts, np.zeros(len(sizes)), 1)
    for part, size in zip(parts, sizes, strict=True):
        total = clip_by_norm(mean_of([total, part], [1, size / sum(sizes)], 1), threshold)
    return total


ACCUMULATE = Task(
    title="parts of a batch",
    function="accumulate",
    returns=THREE,
    draw=draw_accumulate,
    reference=accumulate,
    mistakes=(
        Mistake(
            "clipped first",
            "Each part is clipped before the average. Each gets a factor of its own, and that turns the mean.",
            clipped_first,
        ),
        Mistake(
            "clipped on the way",
            "The sum is clipped after every part. So the parts that come late weigh more.",
            clipped_on_the_way,
        ),
        Mistake(
            "sizes ignored",
            "All parts weigh the same here. A small part then moves the weights as much as a large one.",
            lambda parts, sizes, threshold: accumulate(parts, [1] * len(sizes), threshold),
        ),
        Mistake(
            "clipped first, sizes ignored",
            "Two things: each part is clipped before the average, and in the average all parts weigh the same.",
            lambda parts, sizes, threshold: clipped_first(parts, [1] * len(sizes), threshold),
        ),
        Mistake(
            "means added",
            "The means of the parts are added, and not averaged. With more parts the gradient would be longer.",
            lambda parts, sizes, threshold: clip_by_norm(mean_of(parts, [1] * len(sizes), 1), threshold),
        ),
        Mistake(
            "divided after the clip",
            "The sum is clipped and divided afterwards. So a long gradient ends far shorter than the threshold.",
            lambda parts, sizes, threshold: mean_of(
                [clip_by_norm(mean_of(parts, sizes, 1), threshold)], [1], sum(sizes)
            ),
        ),
        Mistake(
            "sum",
            "This is the sum over all sequences. The gradient of a batch is their mean.",
            lambda parts, sizes, threshold: clip_by_norm(mean_of(parts, sizes, 1), threshold),
        ),
        Mistake(
            "divided by the parts",
            "The sum over all sequences is divided by the number of parts. How many terms does that sum have?",
            lambda parts, sizes, threshold: clip_by_norm(mean_of(parts, sizes, len(parts)), threshold),
        ),
        Mistake(
            "each array",
            "Each of the three arrays is clipped by itself. Together they are one gradient.",
            lambda parts, sizes, threshold: each_array(mean_of(parts, sizes, sum(sizes)), threshold),
        ),
        Mistake(
            "not clipped",
            "The mean is not clipped.",
            lambda parts, sizes, _: mean_of(parts, sizes, sum(sizes)),
        ),
        Mistake(
            "in place",
            "The result is right, but the gradients that came in were overwritten. Add up in new arrays.",
            changes=("parts",),
        ),
    ),
    reread=CLIPPING,
    uses=("clip_by_norm",),
)
