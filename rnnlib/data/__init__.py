"""Small real data sets, and the stored results and trained networks of the course's experiments.

Nothing is read before a loader is called. `README.md` in this folder tells where each file comes from.
"""

import csv
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnnlib import saving

__all__ = [
    "Sequences",
    "Series",
    "load_gun_point",
    "load_japanese_vowels",
    "load_net",
    "load_results",
    "load_stocks",
    "load_sunspots",
]

FOLDER = Path(__file__).parent


class Sequences(NamedTuple):
    """Labeled sequences of unequal length, padded with zeros at the end.

    train_x : (T, B, n_x) float32    the frames, time first; T is the longest training sequence
    train_lengths : (B,)             how many frames of each sequence are real
    train_labels : (B,)              the class, from 0
    test_x, test_lengths, test_labels    the same for the test set, with its own T and B
    classes : tuple of str           a name for each label
    source, license : str
    """

    train_x: np.ndarray
    train_lengths: np.ndarray
    train_labels: np.ndarray
    test_x: np.ndarray
    test_lengths: np.ndarray
    test_labels: np.ndarray
    classes: tuple
    source: str
    license: str


class Series(NamedTuple):
    """Values over time.

    times : (T,)       in years; a month is 1/12
    values : (T, n)    one column for each name; not a number where a series has no value
    names : tuple of str
    source, license : str
    """

    times: np.ndarray
    values: np.ndarray
    names: tuple
    source: str
    license: str


def load_japanese_vowels():
    """640 utterances by 9 speakers, 12 numbers a frame, 7 to 29 frames. Who speaks?

    Returns
    -------
    Sequences
        train_x (26, 270, 12), test_x (29, 370, 12).
    """
    return _sequences(
        "japanese_vowels.npz",
        classes=tuple(f"speaker {i}" for i in range(1, 10)),
        source="Kudo, Toyama and Shimbo (1999), Pattern Recognition Letters 20, 1103-1111; "
        "UCI Machine Learning Repository, doi 10.24432/C5NS47",
        license="CC BY 4.0",
    )


def load_gun_point():
    """200 tracks of a hand in a video, 150 frames, one number a frame. Does it draw, or only point?

    Returns
    -------
    Sequences
        train_x (150, 50, 1), test_x (150, 150, 1).
    """
    return _sequences(
        "gun_point.npz",
        classes=("draw", "point"),
        source="Ratanamahatana and Keogh (2004); UCR Time Series Archive, Dau et al. (2019), "
        "IEEE/CAA Journal of Automatica Sinica 6, 1293-1305",
        license="no formal license; shared freely by the archive, which asks for a citation",
    )


def load_sunspots():
    """Mean sunspot number of each year from 1700 to 2008.

    Returns
    -------
    Series
        values (309, 1).
    """
    rows = _rows("sunspots.csv", ["YEAR", "SUNACTIVITY"])
    years, numbers = np.array(rows, dtype=float).T
    source = "NOAA National Geophysical Data Center, through statsmodels 0.15.0"
    return Series(years, numbers[:, None], ("sunspots",), source, "public domain")


def load_stocks():
    """Closing price of five shares in US dollars, by month, from January 2000 to March 2010.

    Returns
    -------
    Series
        values (123, 5); not a number before a share was traded.
    """
    rows = _rows("stocks.csv", ["symbol", "date", "price"])
    months = [np.datetime64(_iso_month(date), "M").astype(int) for _, date, _ in rows]
    names = tuple(dict.fromkeys(symbol for symbol, _, _ in rows))
    first = min(months)
    values = np.full((max(months) - first + 1, len(names)), np.nan)
    for month, (symbol, _, price) in zip(months, rows, strict=True):
        values[month - first, names.index(symbol)] = float(price)
    times = 1970 + (first + np.arange(len(values))) / 12
    return Series(times, values, names, "vega_datasets 0.9.0", "BSD-3-Clause")


def load_results(name):
    """What `python -m rnnlib.experiments <name>` has stored.

    Returns
    -------
    arrays : dict of arrays
    settings : dict
        Seeds, sizes, versions, minutes and date.
    """
    with _npz(f"results/{name}.npz") as file:
        arrays = {key: file[key] for key in file.files}
    return arrays, json.loads(_path(f"results/{name}.json").read_text(encoding="utf-8"))


def load_net(name):
    """A trained network that `python -m rnnlib.experiments` has kept: "speech" or "gesture".

    Returns
    -------
    network : Network
    params : its parameters
    """
    return saving.load(_path(f"models/{name}.npz"))


def _sequences(name, classes, source, license):
    with _npz(name) as file:
        parts = [part for split in ("train", "test") for part in _split(name, file, split)]
    return Sequences(*parts, classes, source, license)


def _split(name, file, split):
    keys = [f"{split}_{key}" for key in ("values", "lengths", "labels")]
    missing = [key for key in keys if key not in file.files]
    if missing:
        raise ValueError(f"{name} has no {missing[0]}; expected {', '.join(keys)}")
    values, lengths, labels = (file[key] for key in keys)
    if lengths.sum() != len(values):
        raise ValueError(f"{name}: {keys[1]} adds up to {lengths.sum()}; expected {len(values)} frames")
    return _padded(values, lengths), lengths, labels


def _padded(values, lengths):
    x = np.zeros((lengths.max(), len(lengths), values.shape[1]), dtype=values.dtype)
    for b, frames in enumerate(np.split(values, np.cumsum(lengths)[:-1])):
        x[: len(frames), b] = frames
    return x


def _npz(name):
    try:
        return np.load(_path(name), allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise ValueError(f"{name} cannot be read as numbers; expected the file of rnnlib") from error


def _rows(name, header):
    with _path(name).open(newline="", encoding="utf-8") as file:
        first, *rows = csv.reader(file)
    if first != header:
        raise ValueError(f"{name} starts with {first}; expected {header}")
    return rows


def _path(name):
    path = FOLDER / name
    if not path.is_file():
        raise FileNotFoundError(f"{name} is missing; expected it in {FOLDER} (install rnnlib again)")
    return path


def _iso_month(date):
    # Not strptime: it would read "Jan" in the learner's language.
    month, _, year = date.split()
    return f"{year}-{'JanFebMarAprMayJunJulAugSepOctNovDec'.index(month) // 3 + 1:02d}"
