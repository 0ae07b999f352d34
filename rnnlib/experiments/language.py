"""From English to French: numbers in words, by a net that reads and a net that writes.

There are a million numbers, and a net learns from 2,000 pairs. All numbers below 100 are among them, as in a
first course. The others have as many digits as a die says, 3 to 6. The first 1,000 that are drawn are the
test, the next 500 are for choosing, then come those to learn from; no number is drawn twice. A translation
counts when all of it is right, to the last hyphen and s. Whole thousands, which are rarely drawn, are a test
of their own: is what was learned the rule?

Cell, units, learning rate and steps were chosen on the 500; one change at a time from what was chosen is
stored (`tried`). The loss of the training pairs goes to zero and the 500 do not suffer, so nothing stops
early. Half as many steps more are a little better, and do not fit into a lesson.

Two ways without a net. *Word by word*: each English piece becomes the French piece that it shares most pairs
with, by Dice's coefficient 2 n(e, f) / (n(e) + n(f)), where n counts pairs. *The nearest known number*: the
translation of the training number whose English differs in the fewest pieces. That one is never right, for
no two numbers are called alike; but it tells how many pieces are wrong if one is only roughly right.
"""

import time
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rnnlib import cells, data, tasks
from rnnlib.experiments._progress import bar
from rnnlib.experiments._scores import Score
from rnnlib.experiments.race import Trained
from rnnlib.losses import cross_entropy
from rnnlib.network import Network
from rnnlib.optim import Adam
from rnnlib.tasks.numbers import pieces
from rnnlib.training import Batch, fit
from rnnlib.translation import EncoderDecoder, Pair

__all__ = [
    "BASELINES",
    "SETTINGS",
    "Split",
    "Trained",
    "baselines",
    "dictionary",
    "edits",
    "judged",
    "measure",
    "scores",
    "split",
    "train",
    "translated",
]

SETTINGS = {
    "cell": "GRU",
    "n_s": 96,
    "pairs": 2000,
    "B": 64,
    "lr": 0.01,
    "clip": 1.0,
    "steps": 1000,
    "seeds": 5,
    "test": 1000,
    "validation": 500,
    "nets": {
        "GRU": {},
        "LSTM": {"cell": "LSTM"},
        "RNN": {"cell": "RNN", "lr": 0.003},
        "GRU, 500 pairs": {"pairs": 500},
        "GRU, 1,000 pairs": {"pairs": 1000},
        "GRU, 5,000 pairs": {"pairs": 5000},
    },
    "tried": [
        {},
        {"n_s": 64},
        {"lr": 0.005},
        {"lr": 0.02},
        {"steps": 1500},
        {"cell": "LSTM"},
        {"cell": "RNN"},
        {"cell": "RNN", "lr": 0.003},
    ],
    "tried_seeds": 1,
}

BASELINES = ("word by word", "nearest known number")
"""The ways of `baselines`."""

MOST = 16
"""Pieces after which a net that does not end is stopped; no number needs more than 13 and the end sign."""


class Split(NamedTuple):
    """Lists of numbers. None of `train` is in another list.

    thousands: the whole thousands from 100,000 on
    """

    train: list
    validation: list
    test: list
    thousands: list


def split(**changes):
    """Return the numbers to learn from, to choose by and to be judged by. More pairs add to fewer."""
    settings = SETTINGS | changes
    test, validation, pairs = (settings[name] for name in ("test", "validation", "pairs"))
    drawn, rng = dict.fromkeys(range(100)), np.random.default_rng(7)
    while len(drawn) < test + validation + pairs:
        digits = rng.integers(3, 7)
        drawn[int(rng.integers(10 ** (digits - 1), 10**digits))] = None
    first, others = list(drawn)[:100], list(drawn)[100:]
    known = first + others[test + validation :]
    thousands = sorted(set(range(100_000, 1_000_000, 1000)) - set(known))
    return Split(known, others[test : test + validation], others[:test], thousands)


def train(seed=0, progress=True, watch=None, **changes):
    """Train one encoder–decoder on the pairs to learn from.

    Parameters
    ----------
    seed : int
    progress, watch : as `fit` takes them
    **changes
        To `SETTINGS`.

    Returns
    -------
    Trained
    """
    settings = SETTINGS | changes
    examples = tasks.number_pairs(split(**changes).train, np.float32)
    cell, rng = getattr(cells, settings["cell"])(), np.random.default_rng(seed)
    network = EncoderDecoder((cell,), Network((cell,), bias_y=True))
    sizes = len(tasks.ENGLISH_PIECES), settings["n_s"], len(tasks.FRENCH_PIECES)
    params, history = fit(
        network,
        network.init(rng, *sizes, np.float32),
        lambda step: _some(examples, rng.choice(settings["pairs"], settings["B"], replace=False)),
        loss=cross_entropy,
        optimizer=Adam(settings["lr"]),
        clip=settings["clip"],
        steps=settings["steps"],
        progress=progress,
        watch=watch,
    )
    return Trained(network, params, history)


def _some(examples, chosen):
    """Some of the pairs, without the steps that none of them needs."""
    (source, previous, lengths), d, mask = examples
    longest, T_y = lengths[chosen].max(), mask[:, chosen].sum(axis=0).max()
    x = Pair(source[-longest:, chosen], previous[:T_y, chosen], lengths[chosen])
    return Batch(x, d[:T_y, chosen], mask[:T_y, chosen])


def translated(trained, numbers):
    """Return what a net writes for numbers: a list of texts."""
    x = tasks.number_pairs(numbers, np.float32).x
    return tasks.translations(trained.network.greedy(trained.params, x.source, x.lengths, MOST))


def judged(texts, numbers):
    """Return how many of the texts are right, and how many pieces are wrong for each piece there should be.

    Wrong pieces are those to be changed, left out or put in, as few as possible (edit distance).
    """
    expected = [tasks.french(n) for n in numbers]
    wanted = _rows(expected)
    wrong = edits(_rows(texts), wanted).sum() / (wanted >= 0).sum()
    return np.mean([text == right for text, right in zip(texts, expected, strict=True)]), wrong


def edits(a, b):
    """Edit distances of rows of symbols, a (n, L_a) and b (n, L_b), −1 after the end: (n,)."""
    table = np.zeros((max(len(a), len(b)), a.shape[1] + 1, b.shape[1] + 1), np.int32)
    table[:, :, 0], table[:, 0, :] = np.arange(table.shape[1]), np.arange(table.shape[2])
    for i, j in np.ndindex(a.shape[1], b.shape[1]):
        changed = table[:, i, j] + (a[:, i] != b[:, j])
        moved = np.minimum(table[:, i, j + 1], table[:, i + 1, j]) + 1
        table[:, i + 1, j + 1] = np.minimum(changed, moved)
    return table[np.arange(len(table)), (a >= 0).sum(axis=1), (b >= 0).sum(axis=1)]


def _rows(texts, known=tasks.FRENCH_PIECES):
    """Texts as rows of places in `known`, −1 after the end."""
    cut = [list(map(known.index, pieces(text))) for text in texts]
    longest = max(1, *map(len, cut))
    return np.array([row + [-1] * (longest - len(row)) for row in cut])


def dictionary(numbers):
    """Return what `word by word` learns from numbers: English piece -> French piece."""
    languages = ((tasks.english, tasks.ENGLISH_PIECES), (tasks.french, tasks.FRENCH_PIECES))
    here, there = (
        np.array([np.isin(known, pieces(spell(n))) for n in numbers], float) for spell, known in languages
    )
    dice = 2 * here.T @ there / np.maximum(here.sum(axis=0)[:, None] + there.sum(axis=0), 1)
    return {e: tasks.FRENCH_PIECES[k] for e, k in zip(tasks.ENGLISH_PIECES, dice.argmax(axis=1), strict=True)}


@lru_cache(1)
def _texts():
    """What the baselines write for the test: name -> texts."""
    numbers = split()
    known = dictionary(numbers.train)
    one_by_one = [
        tasks.numbers.joined(known[piece] for piece in pieces(tasks.english(n))) for n in numbers.test
    ]
    read = _rows(map(tasks.english, numbers.train), tasks.ENGLISH_PIECES)
    asked = _rows(map(tasks.english, numbers.test), tasks.ENGLISH_PIECES)
    nearest = [tasks.french(numbers.train[edits(row[None], read).argmin()]) for row in asked]
    return dict(zip(BASELINES, (one_by_one, nearest), strict=True))


def baselines():
    """Translate the test without a net: for each of `BASELINES` what `judged` says of it."""
    return {name: judged(texts, split().test) for name, texts in _texts().items()}


def measure(progress=True, **settings):
    """Train and judge every net with every seed, and what was tried; ask the baselines.

    Returns
    -------
    dict of arrays
        Over (nets, seeds): `right`, what part of the test is right, `wrong`, how many pieces for each there
        should be, `thousands_right`, of the whole thousands, `cpu_seconds` of the training, and `curve`,
        (nets, seeds, points), the mean loss of each 50 steps. `tried` (tries, tried_seeds), what part of the
        validation numbers is right. `baselines` (2, 2), right and wrong, in the order of `BASELINES`.
    """
    settings = SETTINGS | settings
    nets, tries = list(settings["nets"].values()), settings["tried"]
    shape, tried = (len(nets), settings["seeds"]), np.zeros((len(tries), settings["tried_seeds"]))
    judgments, curve = np.zeros((4, *shape)), np.zeros((*shape, -(-settings["steps"] // 50)), np.float32)
    with bar("language", "net", progress, total=np.prod(shape) + tried.size) as done:
        for i, seed in np.ndindex(shape):
            found, loss = _outcome(seed, ("test", "thousands"), settings | nets[i])
            judgments[:, i, seed] = found[:4]
            curve[i, seed] = [part.mean() for part in np.array_split(loss, curve.shape[-1])]
            done.update()
        for i, seed in np.ndindex(tried.shape):
            tried[i, seed] = _outcome(seed, ("validation",), settings | tries[i])[0][1]
            done.update()
    found = dict(zip(("cpu_seconds", "right", "wrong", "thousands_right"), judgments, strict=True))
    return found | {"curve": curve, "tried": tried, "baselines": np.array(list(baselines().values()))}


def _outcome(seed, parts, settings):
    """Train one net; return its cost, then what is right and wrong in each of the parts, and its losses."""
    started = time.process_time()
    trained = train(seed, progress=False, **settings)
    found = [time.process_time() - started]
    for part in parts:
        numbers = getattr(split(**settings), part)
        found += judged(translated(trained, numbers), numbers)
    return found, trained.history.loss


def scores(results=None):
    """Return rows of the table: translations that are right, and pieces that are wrong."""
    arrays, settings = data.load_results("language") if results is None else results
    named = [f"right, of {settings['test']:,}", "pieces wrong, lower is better"]
    rows = []
    for k, (name, found) in enumerate(zip(named, (arrays["right"], arrays["wrong"]), strict=True)):
        for cell, of_cell in list(zip(settings["nets"], found, strict=True))[:3]:
            model = f"{cell} reads, {cell} writes, {settings['n_s']} units each"
            rows.append(Score("language", model, name, of_cell))
        for way, of_way in zip(BASELINES, arrays["baselines"], strict=True):
            rows.append(Score("language", way, name, of_way[k : k + 1], "baseline"))
    return tuple(rows)
