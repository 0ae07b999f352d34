"""Exercise 10: the last task, a net that tells gestures apart better than a baseline does."""

import itertools

import numpy as np

from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.tasks import STROKE_ORDERS, STROKES, strokes

__all__ = ["BAR", "BASELINE", "ORDER"]

BASELINE, BAR = 0.85, 0.95
"""Shares of right answers: of a linear readout of twelve places (see the notebook), and what is asked for."""

CHANCE, HALF_GUESSED, SAME_AS_BASELINE = 0.25, 0.65, 0.88
"""Up to here somebody guesses all; guesses between the two classes that end alike; is no better than the baseline."""

GOOD_PART, DROP = 0.8, 0.25
"""Right on one part of the gestures at least this often, and on another less often by this much."""


def draw(rng, trial):
    """One gesture; two batches of gestures of one length, where nothing is padded; three of all lengths."""
    B = (1, 3000, 3000, 400, 401, 402)[trial]
    x, _, mask = strokes(rng, B)
    lengths = mask.argmax(axis=0) + 1
    if trial in (1, 2):
        shortest, longest = ((20, 30), (45, 60))[trial - 1]
        often = shortest + np.bincount(lengths, minlength=longest)[shortest:longest].argmax()
        chosen = np.flatnonzero(lengths == often)[:60]
        x, lengths = x[:often, chosen], lengths[chosen]
    return {"x": x, "lengths": lengths}


def order(x, lengths):
    """The most likely class of each gesture: its four strokes are laid over the frames as well as they fit."""
    strokes_of = np.array([[STROKES[stroke] for stroke in order] for order in STROKE_ORDERS])
    along = strokes_of @ x.transpose(0, 2, 1)[:, None]  # (T, classes, strokes, B)
    fit = np.full(along.shape[1:], -np.inf)  # (classes, strokes, B): the best so far that ends in this stroke
    fit[:, 0] = along[0, :, 0]
    for t in range(1, len(x)):
        begun = np.concatenate([np.full_like(fit[:, :1], -np.inf), fit[:, :-1]], axis=1)
        fit = np.where(t < lengths, np.maximum(fit, begun) + along[t], fit)
    return fit[:, -1].argmax(axis=0)


def accepts(answers, rights, inputs):
    """(key, words): key "" for a share of right answers of at least BAR, else what the wrong ones tell."""
    given, right = np.concatenate(answers), np.concatenate(rights)
    share = np.mean(given == right)
    words = f"{_percent(share)} of {len(right):,} new gestures are right"
    if share >= BAR:
        return "", f"{words}; {_percent(BAR)} were asked for."
    lengths = np.concatenate([each["lengths"] for each in inputs])
    padded = np.concatenate([each["lengths"] < len(each["x"]) for each in inputs])
    same = all(len(np.unique(answer)) == 1 for answer in answers)
    key = _diagnosis(given, right, lengths, padded, same)
    return key, f"{words}; the baseline has {_percent(BASELINE)}, and {_percent(BAR)} are asked for."


def _percent(share):
    """Never rounded up: 94.9 % are not 95 %."""
    return f"{int(100 * share + 1e-9)} %"


def _diagnosis(given, right, lengths, padded, same):
    """The key of the first mistake that fits the wrong answers."""
    good = given == right
    classes = range(len(STROKE_ORDERS))
    by_length = [part.mean() for part in np.array_split(good[np.argsort(lengths, kind="stable")], 4)]
    last = np.array([list(STROKES).index(order[-1]) for order in STROKE_ORDERS])
    if not np.isin(given, classes).all():
        return "no class"
    if same:
        return "one answer"
    if _exchanged(given, right):
        return "exchanged"
    if good[~padded].mean() >= GOOD_PART and good[padded].mean() <= good[~padded].mean() - DROP:
        return "reads padding"
    if max(by_length) >= GOOD_PART and min(by_length) <= max(by_length) - DROP:
        return "some lengths"
    if good.mean() <= CHANCE:
        return "guesses"
    ends = last[given.astype(int)] == last[right]
    if ends.mean() >= BAR and good[ends].mean() <= HALF_GUESSED:
        return "only the end"
    return "as the baseline" if good.mean() <= SAME_AS_BASELINE else "not enough"


def _exchanged(given, right):
    """Whether the classes are told apart, under each other's numbers."""
    counts = np.zeros((len(STROKE_ORDERS),) * 2)
    np.add.at(counts, (given.astype(int), right), 1)
    names = np.arange(len(counts))
    most = max(counts[names, other].sum() for other in map(list, itertools.permutations(names)))
    return most >= BAR * len(right)


ORDER = Task(
    title="beat the baseline",
    function="predict",
    returns=("classes (B,)",),
    draw=draw,
    reference=order,
    accepts=accepts,
    own=False,
    mistakes=(
        Mistake(
            "no class",
            "Some answers are no class at all: classes are the places in `STROKE_ORDERS`, and the first is 0.",
        ),
        Mistake(
            "one answer",
            "All gestures of a batch get the same answer. Were these weights trained, and is each gesture asked by itself?",
        ),
        Mistake(
            "exchanged",
            "The classes are told apart, under each other's numbers. The number of a class is its place in "
            "`STROKE_ORDERS`.",
        ),
        Mistake(
            "reads padding",
            "It is right where all gestures are equally long, and not where shorter ones are padded: they are read "
            "after their end, when the net has gone on over zeros.",
        ),
        Mistake(
            "some lengths",
            "How often it is right depends on the length of the gesture. A net runs over any number of steps: is "
            "something cut off, or did it see only quick or only slow gestures in training?",
        ),
        Mistake(
            "guesses",
            "This is no better than guessing, one in six. The frames without their order say nothing: an average "
            "over time cannot help, and neither can a net that was not trained.",
            reread=Section("1", "Order is information"),
        ),
        Mistake(
            "only the end",
            "The last stroke is right and those before it are guessed: the answer depends on the last frames alone. "
            "What the net saw earlier must be in its state.",
            reread=Section("1", "A net that keeps what it saw"),
        ),
        Mistake(
            "as the baseline",
            "No better than the baseline. Does yours look at fixed places as well? Then each weight belongs to a place, "
            "and in another gesture a stroke stands elsewhere. If it is a recurrent net: is it trained long enough, on "
            "new gestures at every step, with enough units, and read at the end of each gesture?",
            reread=Section("1", "Window against memory"),
        ),
        Mistake(
            "not enough",
            "Better than the baseline, and not yet enough. Is everything trained, the recurrent weights too; long "
            "enough; and on new gestures at every step, so that none is learned by heart?",
        ),
    ),
    reread=Section("10", "Gesture"),
)
