"""Exercise 10, applications: an honest split, one answer for a sequence, forecasts, decoding, a net that is better."""

import numpy as np

from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex10_ahead import FORECAST, GREEDY
from rnnlib.grading.ex10_gestures import ORDER
from rnnlib.losses import cross_entropy, last_step_mask, mask_from_lengths

__all__ = ["TASKS"]

SPEECH = Section("10", "Speech: who speaks?")
LENGTHS = Section("4", "Different lengths in one batch")


def padded(rng, T, lengths, n_x):
    """Sequences with a mean, a spread and a course of their own in every channel, zeros after their ends."""
    mean, spread = rng.uniform(2, 5, n_x) * rng.choice([-1, 1], n_x), rng.uniform(0.5, 4, n_x)
    x = mean + spread * rng.normal(size=(T, len(lengths), n_x)) + 0.3 * np.arange(T)[:, None, None]
    x[~mask_from_lengths(lengths, T)] = 0
    return x


def unequal(rng, T, B):
    """Lengths of B sequences, the longest of them T and the others shorter."""
    return rng.permutation([T, *rng.integers(2, T, B - 1)])


# 1. Statistics of the training set


def draw_standardize(rng, trial):
    T, T_test = (3, 2) if trial == 0 else rng.permutation([6, 7, 8, 9])[:2]
    B, B_test = (1, 1) if trial == 0 else rng.permutation([3, 4, 5])[:2]
    n_x, lengths, test_lengths = rng.integers(2, 4), unequal(rng, T, B), unequal(rng, T_test, B_test)
    return {
        "train": padded(rng, T, lengths, n_x),
        "test": padded(rng, T_test, test_lengths, n_x),
        "train_lengths": lengths,
        "test_lengths": test_lengths,
    }


def frames(x, lengths):
    """All real frames, (number, n_x)."""
    return x[mask_from_lengths(lengths, len(x))]


def scaled(x, lengths, mean, spread):
    """Standardized; padding stays 0."""
    return np.where(mask_from_lengths(lengths, len(x))[..., None], (x - mean) / spread, 0)


def by(statistics, test_statistics=None):
    """`standardize` with other statistics: functions of (train, train_lengths, test, test_lengths) -> mean, spread."""

    def variant(train, test, train_lengths, test_lengths):
        given = train, train_lengths, test, test_lengths
        mine, theirs = statistics(*given), (test_statistics or statistics)(*given)
        return scaled(train, train_lengths, *mine), scaled(test, test_lengths, *theirs)

    return variant


def of(real, **axes):
    return real.mean(**axes), real.std(**axes)


def of_train(train, lengths, *_):
    return of(frames(train, lengths), axis=0)


def of_test(train, lengths, test, test_lengths):
    return of(frames(test, test_lengths), axis=0)


def of_both(train, lengths, test, test_lengths):
    return of(np.concatenate([frames(train, lengths), frames(test, test_lengths)]), axis=0)


def each_by_itself(x, lengths):
    """Mean and spread of every sequence."""
    found = [of(x[:length, b], axis=0) for b, length in enumerate(lengths)]
    return np.array([mean for mean, _ in found]), np.array([spread for _, spread in found])


def of_each_averaged(train, lengths, *_):
    return tuple(found.mean(axis=0) for found in each_by_itself(train, lengths))


standardize = by(of_train)


def padding_moved(train, test, train_lengths, test_lengths):
    mean, spread = of_train(train, train_lengths)
    return (train - mean) / spread, (test - mean) / spread


STANDARDIZE = Task(
    title="standardize",
    function="standardize",
    returns=("train (T, B, n_x)", "test (T′, B′, n_x)"),
    draw=draw_standardize,
    reference=standardize,
    mistakes=(
        Mistake(
            "own statistics",
            "The test set is standardized by its own mean and spread. One new utterance alone would have none: what "
            "is done to it must be known before it comes.",
            by(of_train, of_test),
        ),
        Mistake(
            "both together",
            "Mean and spread come from both sets together. So the training already knows something of the test set, "
            "and the result on it is no longer honest.",
            by(of_both),
        ),
        Mistake(
            "padding counted",
            "The zeros after the end of the shorter sequences are counted as measurements. They are none.",
            by(lambda train, *_: of(train, axis=(0, 1))),
            LENGTHS,
        ),
        Mistake(
            "padding moved",
            "The padding is no longer 0: it was standardized too.",
            padding_moved,
            LENGTHS,
        ),
        Mistake(
            "each sequence",
            "Each sequence is standardized by itself. What makes it different from the others, its level and its "
            "loudness, is lost.",
            by(lambda *given: each_by_itself(*given[:2]), lambda *given: each_by_itself(*given[2:])),
        ),
        Mistake(
            "averages averaged",
            "Mean and spread are found for each sequence, and then averaged. So a frame of a short sequence counts more "
            "than one of a long sequence, and the spread between the sequences is lost.",
            by(of_each_averaged),
        ),
        Mistake(
            "one for all channels",
            "There is one mean and one spread for all channels. Each channel has its own: they are measured in "
            "different units.",
            by(lambda train, lengths, *_: of(frames(train, lengths))),
        ),
        Mistake(
            "variance",
            "It is divided by the variance, which is the square of the spread.",
            by(lambda *given: (of_train(*given)[0], of_train(*given)[1] ** 2)),
        ),
        Mistake(
            "not centered",
            "The mean was not taken away.",
            by(lambda *given: (0, of_train(*given)[1])),
        ),
        Mistake(
            "one less",
            "The spread here is the root of the mean squared distance. Divided by one less than the number of frames, "
            "it is the estimate for the world that they are drawn from.",
            by(
                lambda train, lengths, *_: (
                    of_train(train, lengths)[0],
                    frames(train, lengths).std(axis=0, ddof=1),
                )
            ),
        ),
    ),
    reread=SPEECH,
)


# 2. One answer for a sequence


def draw_readout(rng, trial):
    """In one trial there is more padding than any sequence needs; in the last, every second one has large outputs."""
    n_y = rng.integers(3, 5)
    T, B = (2, 1) if trial == 0 else (rng.integers(6, 9), (5, 7, 5, 7, 5)[trial - 1])
    y = 2 * rng.normal(size=(T + (trial == 2), B, n_y))
    if trial == 5:
        y[:, ::2] += 1000
    return {"y": y, "labels": rng.integers(0, n_y, B), "lengths": unequal(rng, T, B)}


def loss_and_share(y, labels, lengths):
    """By the library's loss, at the last steps alone."""
    T, B = y.shape[:2]
    E, _ = cross_entropy(y, np.tile(labels, (T, 1)), last_step_mask(lengths, T))
    return E, share(at_the_end(y, lengths), labels)


def at_the_end(y, lengths):
    return y[lengths - 1, np.arange(len(lengths))]


def share(outputs, labels):
    return np.mean(outputs.argmax(axis=1) == labels)


def read(outputs, labels):
    """Loss and share of one row of outputs for each sequence."""
    return loss_and_share(outputs[None], labels, np.ones(len(labels), int))


def elsewhere(rows):
    """The task with rows read elsewhere than at the ends: `rows(y, lengths)` -> (B, n_y)."""
    return lambda y, labels, lengths: read(rows(y, lengths), labels)


def otherwise(change):
    """The task with another loss or share, from the rows at the ends: `change(E, share, outputs, labels)`."""

    def variant(y, labels, lengths):
        return change(*loss_and_share(y, labels, lengths), at_the_end(y, lengths), labels)

    return variant


def every_step(y, labels, lengths):
    """All real steps, as if each were a sequence."""
    real = mask_from_lengths(lengths, len(y))
    return read(y[real], np.tile(labels, (len(y), 1))[real])


def across_the_batch(E, right, outputs, labels):
    log_p = outputs - outputs.max(axis=0)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=0))
    return -log_p[np.arange(len(labels)), labels].mean(), right


def overflowing(E, right, outputs, labels):
    p = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean(), right


def less(level):
    """E from exp of the outputs less a level: 0, where exp overflows, or one for all rows, where it vanishes."""

    def change(E, right, outputs, labels):
        kept = outputs - level(outputs)
        total = np.log(np.exp(kept).sum(axis=1))
        return (total - kept[np.arange(len(labels)), labels]).mean(), right

    return otherwise(change)


def all_labels(E, right, outputs, labels):
    log_p = outputs - np.logaddexp.reduce(outputs, axis=1, keepdims=True)
    return -log_p[:, labels].mean(), right


READOUT = Task(
    title="one answer for a sequence",
    function="loss_and_share",
    returns=("E", "share"),
    draw=draw_readout,
    reference=loss_and_share,
    mistakes=(
        Mistake(
            "last row",
            "All sequences are read in the last row of y. A short one is padding there.",
            elsewhere(lambda y, lengths: y[-1]),
            LENGTHS,
        ),
        Mistake(
            "one early",
            "Each sequence is read one step before its end.",
            elsewhere(lambda y, lengths: at_the_end(y, lengths - 1)),
        ),
        Mistake(
            "one late",
            "Each sequence is read one step after its end, and the longest has no such row: the first row of y belongs "
            "to step 1.",
            elsewhere(lambda y, lengths: at_the_end(y, lengths + 1)),
        ),
        Mistake(
            "mean",
            "The outputs are averaged over the sequence before they are read. Early on the net has heard too little to "
            "know; its answer is the one at the end.",
            elsewhere(lambda y, lengths: np.stack([y[:n, b].mean(axis=0) for b, n in enumerate(lengths)])),
        ),
        Mistake(
            "every step",
            "Every step is counted as an answer. A sequence has one answer, and a long one counts no more than a short.",
            every_step,
            Section("2", "Five shapes of a task"),
        ),
        Mistake(
            "no softmax",
            "E is made of the outputs themselves. They are no probabilities before softmax.",
            otherwise(
                lambda E, right, outputs, labels: (-outputs[np.arange(len(labels)), labels].mean(), right)
            ),
        ),
        Mistake(
            "across the batch",
            "Softmax runs over the sequences of the batch. Classes compete for one sequence, not sequences for a class.",
            otherwise(across_the_batch),
        ),
        Mistake(
            "summed",
            "E is the sum over the batch. It is asked for as the average, so that it does not grow with the batch.",
            otherwise(lambda E, right, outputs, labels: (E * len(labels), right)),
        ),
        Mistake(
            "share wrong",
            "E is right. The other number is the share of wrong answers.",
            otherwise(lambda E, right, outputs, labels: (E, 1 - right)),
        ),
        Mistake(
            "number",
            "E is right. The other number counts the right answers. Their share is asked for.",
            otherwise(lambda E, right, outputs, labels: (E, right * len(labels))),
        ),
        Mistake(
            "overflow",
            "Right for small outputs; for large ones exp is infinite. The largest output of a row can be taken away "
            "before, which changes no probability.",
            otherwise(overflowing),
        ),
        Mistake(
            "overflow of the sum",
            "Right for small outputs; for large ones the sum of exp is infinite, and so is E. A number can be taken away "
            "from all outputs of a row before, which changes no probability.",
            less(lambda outputs: 0),
        ),
        Mistake(
            "one maximum",
            "The same number is taken away from all rows. Where the outputs of a row are far below it, each exp is 0, and "
            "the logarithm of their sum is not finite.",
            less(np.max),
        ),
        Mistake(
            "all labels",
            "E compares each sequence with the labels of all sequences. Each has one label, its own.",
            otherwise(all_labels),
        ),
    ),
    reread=SPEECH,
)

TASKS = (STANDARDIZE, READOUT, FORECAST, GREEDY, ORDER)
