"""Does a hand draw, or only point? Two experiments on `data.load_gun_point`, movements seen by a camera:

    tracks    an LSTM reads where the hand is, one number a frame
    clips     the same movements as small frames, rendered from the tracks (`tasks.filmed`): a convolutional
              layer looks at each frame, and an LSTM at what it found, flattened

Both see every third of the 150 frames, and answer at the last one. What is real in the clips is the
horizontal position; the picture around it is invented. The pixel noise of a clip is drawn once: training and
test clips are fixed, like films.

50 movements are there to learn from, 150 to be judged by, the split of the archive. All choices were made on
the 50, by cross-validation: five folds, 40 movements to learn from, 10 to judge. Settings were changed one at
a time, and the best became the start of a second round, which is stored (`tried`). One movement more or less
of 50 says little, so its winners were not followed further.
"""

import numpy as np

from rnnlib import data, tasks
from rnnlib.cells import Conv
from rnnlib.experiments._classify import Trained, answers, asked_last, compared, learned, right, table
from rnnlib.experiments._neighbors import nearest, squared, warped
from rnnlib.experiments._training import chosen

__all__ = [
    "BASELINES",
    "PARTS",
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
    "part": "tracks",
    "every": 3,  # one frame of so many
    "frame": [8, 12],
    "pixel_noise": 0.1,
    "film_seed": 0,
    "kernels": 4,
    "cell": "LSTM",
    "n_s": 32,
    "noise": 0.0,  # that training adds
    "B": 32,
    "lr": 0.01,
    "clip": 1.0,
    "steps": 300,
    "seeds": 5,
    "folds": 5,
    "tried": [],
}

PARTS = {
    "tracks": {
        "part": "tracks",
        "tried": [
            {},
            {"every": 2},
            {"every": 5},
            {"noise": 0.1},
            {"n_s": 16},
            {"lr": 0.003},
            {"cell": "GRU"},
            {"cell": "RNN"},
        ],
    },
    "clips": {
        "part": "clips",
        "n_s": 16,
        "tried": [{}, {"every": 5}, {"noise": 0.1}, {"n_s": 32}, {"lr": 0.003}, {"kernels": 2}],
    },
}
"""What each of the two experiments changes."""

BASELINES = {
    "tracks": ("always the same", "nearest by Euclid", "nearest by time warping"),
    "clips": ("always the same", "nearest by Euclid, all pixels"),
}
"""The ways of `baselines`."""

_FAWAZ = (
    "Fawaz et al. (2019), Data Mining and Knowledge Discovery 33, 917-963, 10 runs: "
    "table of its companion repository hfawaz/dl-4-tsc, README.md"
)
PUBLISHED = {
    "tracks": (
        (
            "nearest by Euclid",
            1 - 0.08667,
            "documentation of tslearn, example '1-NN with SAX + MINDIST', column 'eucl error'",
        ),
        (
            "nearest by time warping",
            0.907,
            "Franceschi, Dieuleveut and Jaggi (2019), NeurIPS: results_ucr.csv of its companion repository "
            "White-Link/UnsupervisedScalableRepresentationLearningTimeSeries",
        ),
        ("MLP", 0.927, _FAWAZ),
        ("echo state network (TWIESN)", 0.961, _FAWAZ),
        ("convolutional net (FCN)", 1.0, _FAWAZ),
    ),
    "clips": (),
}
"""Model, part of the 150 named right, source. Nobody else has seen the clips."""


def prepared(part="tracks", **settings):
    """Return the training set and the test set as batches, of 50 and of 150 sequences.

    Parameters
    ----------
    part : "tracks" or "clips"
    **settings
        Changes to `SETTINGS`.

    Returns
    -------
    train, test : Batch
        x of shape (T, B, 1) or (T, B, H · W).
    """
    settings = SETTINGS | chosen("part", part, PARTS) | settings
    known = data.load_gun_point()
    films = np.random.default_rng(settings["film_seed"])

    def batch(x, lengths, labels):
        x = x[:: settings["every"]]
        if part == "clips":
            x = tasks.filmed(films, x, tuple(settings["frame"]), settings["pixel_noise"], dtype=x.dtype)
        return asked_last(x, np.full(len(lengths), len(x)), labels)

    return batch(*known[:3]), batch(*known[3:6])


def train(seed=0, progress=True, watch=None, part="tracks", **changes):
    """Train one net on all 50 movements.

    Parameters
    ----------
    seed : int
    progress, watch : as `fit` takes them
    part : "tracks" or "clips"
    **changes
        To `SETTINGS`.

    Returns
    -------
    Trained
    """
    settings = SETTINGS | chosen("part", part, PARTS) | changes
    return _trained(prepared(**settings)[0], seed, settings, progress, watch)


def _trained(examples, seed, settings, progress=False, watch=None):
    conv = Conv(tuple(settings["frame"]), settings["kernels"])
    front = (conv,) if settings["part"] == "clips" else ()
    return learned(examples, 2, seed, settings, front, progress, watch)


def baselines(part="tracks"):
    """Answer the 150 without a net, and return what part is right, for each of `BASELINES[part]`.

    Always what is more frequent in training; the class of the training movement that is nearest, by Euclid,
    over all frames and pixels; for tracks, by dynamic time warping too. The tracks are whole, 150 frames.

    Returns
    -------
    dict
    """
    known, asked = prepared(part, every=1 if part == "tracks" else SETTINGS["every"])
    rows = [np.moveaxis(batch.x, 1, 0).reshape(batch.x.shape[1], -1) for batch in (asked, known)]
    lengths = [np.full(len(vectors), len(known.x)) for vectors in rows]
    distances = [squared(*rows)]
    if part == "tracks":
        distances.append(warped(asked.x, lengths[0], known.x, lengths[1]))
    found = [np.bincount(known.d[0]).argmax()] + [nearest(D, known.d[0]) for D in distances]
    return {name: float(np.mean(f == asked.d[0])) for name, f in zip(BASELINES[part], found, strict=True)}


def measure(progress=True, **settings):
    """Train and judge all seeds, cross-validate what was tried, and ask the baselines; for one part.

    Returns
    -------
    dict of arrays
        What `compared` returns, and `baselines`, in their order.
    """
    settings = SETTINGS | settings
    found = compared(_trained, prepared, settings, f"gesture {settings['part']}", progress)
    return found | {"baselines": np.array(list(baselines(settings["part"]).values()))}


def nets(**settings):
    """Return the net that is kept for the explorers, by name: that of seed 0 on the tracks."""
    settings = SETTINGS | settings
    return {"gesture": train(0, progress=False, **settings)} if settings["part"] == "tracks" else {}


def scores(results=None):
    """Return the rows of the table: for tracks and for clips ours, the baselines, and what others published.

    Parameters
    ----------
    results : dict, optional
        For "tracks" and for "clips" what `measure` returned; the stored ones if not given.

    Returns
    -------
    tuple of Score
    """
    if results is None:
        results = {part: data.load_results(f"gesture_{part}")[0] for part in PARTS}
    rows = ()
    for part in PARTS:
        ours, others = (results[part], BASELINES[part]), PUBLISHED[part]
        rows += table(f"gesture, {part}", "right, of 150", _model(**SETTINGS | PARTS[part]), *ours, others)
    return rows


def _model(part, kernels, cell, n_s, **_):
    return f"{kernels} kernels on each frame, " * (part == "clips") + f"{cell}, {n_s} units"
