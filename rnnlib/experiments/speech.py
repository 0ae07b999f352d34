"""Who speaks? An LSTM hears two vowels and names one of nine speakers. Data: `load_japanese_vowels`.

An utterance is 7 to 29 frames of 12 numbers. Each of the 12 is shifted and scaled to mean 0 and spread 1 over
all frames of the training set; padding stays 0. The net reads the frames one by one, and answers at the last
one of each utterance (`last_step_mask`): many-to-one, unequal lengths.

270 utterances are there to learn from, 370 to be judged by, the split of those who made the data. All choices
were made on the 270, by cross-validation: three folds, 180 utterances to learn from, 90 to judge. Settings
were changed one at a time, and the best became the start of a second round, which is stored (`tried`).
"""

import numpy as np

from rnnlib import data
from rnnlib.experiments._classify import Trained, answers, asked_last, compared, learned, right, table
from rnnlib.experiments._neighbors import nearest, squared, warped
from rnnlib.losses import mask_from_lengths

__all__ = [
    "BASELINES",
    "PUBLISHED",
    "SETTINGS",
    "Trained",
    "answers",
    "baselines",
    "measure",
    "nets",
    "prepared",
    "right",
    "scores",
    "train",
]

SETTINGS = {
    "cell": "LSTM",
    "n_s": 32,
    "noise": 0.6,
    "B": 64,
    "lr": 0.01,
    "clip": 1.0,
    "steps": 600,
    "seeds": 5,
    "folds": 3,
    "tried": [
        {},
        {"noise": 0.0},
        {"noise": 0.3},
        {"noise": 1.0},
        {"n_s": 16},
        {"n_s": 64},
        {"steps": 300},
        {"cell": "GRU"},
        {"cell": "RNN"},
    ],
}

BASELINES = ("always the same speaker", "nearest by mean frame", "nearest by time warping")
"""The ways of `baselines`."""

_FAWAZ = (
    "Fawaz et al. (2019), Data Mining and Knowledge Discovery 33, 917-963, 10 runs: "
    "results/results-mts-avg-std.csv of its companion repository hfawaz/dl-4-tsc"
)
_FRANCESCHI = (
    "Franceschi, Dieuleveut and Jaggi (2019), NeurIPS: results_uea.csv of its companion repository "
    "White-Link/UnsupervisedScalableRepresentationLearningTimeSeries"
)
PUBLISHED = (
    ("nearest by time warping", 0.949, _FRANCESCHI),
    ("echo state network (TWIESN)", 0.965, _FAWAZ),
    ("MLP", 0.976, _FAWAZ),
    ("convolutional net (FCN)", 0.993, _FAWAZ),
)
"""Model, part of the 370 named right, source."""


def prepared(**settings):
    """Return the training set and the test set as batches: x (26, 270, 12) and (29, 370, 12), scaled."""
    known = data.load_japanese_vowels()
    frames = known.train_x[mask_from_lengths(known.train_lengths, len(known.train_x))]
    mean, spread = frames.mean(axis=0), frames.std(axis=0)

    def batch(x, lengths, labels):
        real = mask_from_lengths(lengths, len(x))[..., None]
        return asked_last(np.where(real, (x - mean) / spread, 0), lengths, labels)

    return batch(*known[:3]), batch(*known[3:6])


def train(seed=0, progress=True, watch=None, **changes):
    """Train one net on all 270 utterances.

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
    return _trained(prepared()[0], seed, SETTINGS | changes, progress, watch)


def _trained(examples, seed, settings, progress=False, watch=None):
    return learned(examples, 9, seed, settings, progress=progress, watch=watch)


def baselines():
    """Name the 370 speakers without a net, and return what part is right, for each of `BASELINES`.

    Always the first speaker, since all nine are equally frequent in training; the speaker of the training
    utterance whose mean frame is nearest; of the one that is nearest by dynamic time warping. The numbers are
    taken as they are in the file.

    Returns
    -------
    dict
    """
    known = data.load_japanese_vowels()
    means = [frames.sum(axis=0) / lengths[:, None] for frames, lengths, _ in (known[:3], known[3:6])]
    distances = squared(means[1], means[0]), warped(*known[3:5], *known[:2])
    found = [np.bincount(known.train_labels).argmax()]
    found += [nearest(D, known.train_labels) for D in distances]
    return {name: float(np.mean(f == known.test_labels)) for name, f in zip(BASELINES, found, strict=True)}


def measure(progress=True, **settings):
    """Train and judge all seeds, cross-validate what was tried, and ask the baselines.

    Returns
    -------
    dict of arrays
        What `compared` returns, and `baselines`, in their order.
    """
    found = compared(_trained, prepared, SETTINGS | settings, "speech", progress)
    return found | {"baselines": np.array(list(baselines().values()))}


def nets(**settings):
    """Return the nets that are kept for the explorers, by name: that of seed 0."""
    return {"speech": train(0, progress=False, **settings)}


def scores(results=None):
    """Return the rows of the table: ours, the baselines, and what others published.

    Parameters
    ----------
    results : dict of arrays, optional
        What `measure` returned; the stored ones if not given.

    Returns
    -------
    tuple of Score
    """
    arrays = data.load_results("speech")[0] if results is None else results
    model = f"{SETTINGS['cell']}, {SETTINGS['n_s']} units"
    return table("speech", "right, of 370", model, arrays, BASELINES, PUBLISHED)
