"""The stored races of `long_lags`, sorted by problem and by cell: what lesson 9's workbench shows.

Several experiments took up the same problem. Each cell is here under one name. Where two experiments trained
the same cell on the same problem, with the same seeds, it stands here once, as the first of them left it:
none after it trained longer.
"""

import re
from functools import cache
from typing import NamedTuple

import numpy as np

from rnnlib import data
from rnnlib.experiments import LONG_LAGS, race
from rnnlib.experiments._training import chosen

__all__ = ["ALSO_CALLED", "PROBLEMS", "Races", "cells", "look_up", "problems", "races"]

PROBLEMS = {
    **{f"latch, lag {lag}": ("latch", lag) for lag in (10, 30, 60, 100)},
    **{f"two-sequence, lag {lag}": ("two_sequence", lag) for lag in (30, 100)},
    "grammar, 1 string": ("embedded_reber", 1),
    "grammar, 4 strings": ("embedded_reber", 4),
    **{f"adding, T = {T}": ("adding", T) for T in (50, 100)},
    **{f"temporal order, T = {T}": ("temporal_order", T) for T in (50, 100)},
}
"""Name of a problem -> its task and length."""

ALSO_CALLED = {
    "all gates": "LSTM, b_f = 5",
    "no forget gate": "LSTM, no forget gate",
    "no ignore gate": "LSTM, b_f = 5, no ignore gate",
    "no use filter": "LSTM, b_f = 5, no use filter",
    "no output activation": "LSTM, b_f = 5, no output activation",
    "LSTM, notes' use gate": "LSTM, b_f = 5, notes' use gate",
    "LSTM, peepholes": "LSTM, b_f = 5, peepholes",
}
"""Name of a cell in `long_lags`, where another experiment needs a longer one -> its name here."""


class Races(NamedTuple):
    """How one cell did on one problem: as many trainings as seeds.

    sequences : (points,)    training sequences seen at each point of the curves
    loss : (seeds, points)    mean loss since the point before; after the end of a training, and at the last
        point, the error of the test (where the test is another problem, the last loss)
    ends : (seeds,)    training sequences seen when the training ended
    solved : (seeds,)    whether the net answers 99 % of a test set right
    allowed : int    training sequences at most
    chance : float or None    as in `race.Task`
    """

    sequences: np.ndarray
    loss: np.ndarray
    ends: np.ndarray
    solved: np.ndarray
    allowed: int
    chance: float | None

    @property
    def to_success(self):
        """Median number of training sequences of the seeds that solved it; None if none did."""
        return int(np.median(self.ends[self.solved])) if self.solved.any() else None

    def curve(self, seed):
        """Return sequences and loss of one seed until its training ended, (2, points); last, the error."""
        x, loss, end = self.sequences, self.loss[seed], self.ends[seed]
        points = np.searchsorted(x, end) + 1
        return np.stack([np.r_[np.minimum(x[:points], end), end], np.r_[loss[:points], loss[-1]]])


def problems():
    """Return the names of the problems that some cell was trained on."""
    return [name for name, key in PROBLEMS.items() if key in _sorted()]


def cells(problem=None):
    """Return the names of the cells that were trained, on one problem or on any."""
    places = problems() if problem is None else [problem]
    names = [cell for name in places for cell in _sorted().get(chosen("problem", name, PROBLEMS), ())]
    return sorted(dict.fromkeys(names), key=lambda name: _order().index(name))


def look_up(problem, cell):
    """Return the Races of a cell on a problem, None if it was not trained on it."""
    known = _sorted().get(chosen("problem", problem, PROBLEMS), {})
    return known.get(chosen("cell", cell, {name: name for name in _order()}))


@cache
def _stored():
    """Results of the experiments that somebody has run."""
    there = [f"long_lags_{part}" for part in LONG_LAGS]
    return [data.load_results(name) for name in there if (data.FOLDER / "results" / f"{name}.npz").exists()]


@cache
def _order():
    """All names of cells: RNN, LSTM, GRU, and of each kind in the order of the experiments."""
    names = [ALSO_CALLED.get(cell, cell) for _, settings in _stored() for cell in settings["cells"]]
    kinds = ("RNN", "LSTM", "GRU")
    return sorted(dict.fromkeys(names), key=lambda name: kinds.index(re.match(r"\w+", name)[0]))


@cache
def _sorted():
    """(task, length) -> name of a cell -> Races."""
    found = {}
    for arrays, settings in _stored():
        for j, problem in enumerate(settings["problems"]):
            known = found.setdefault((problem["task"], problem["length"]), {})
            for i, cell in enumerate(settings["cells"]):
                known.setdefault(ALSO_CALLED.get(cell, cell), races(arrays, settings, i, j))
    return found


def races(arrays, settings, i, j):
    """Return the Races of the i-th cell on the j-th problem of results of `long_lags`."""
    own = settings | settings["problems"][j]
    curve, steps = arrays["curve"][i, j].astype(float), arrays["steps"][i, j]
    error = race.held(curve)[:, -1] if own["test_length"] else arrays["error"][i, j]
    error = np.where(np.isfinite(error), error, race.held(curve)[:, -1])  # who overflowed was not tested
    some = ~np.isnan(curve).all(axis=0)
    points = own["B"] * np.append(np.minimum(arrays["edges"][1:][some], steps.max()), steps.max())
    loss = np.where(np.isnan(curve), error[:, None], curve)[:, some]
    solved = arrays["right"][i, j] >= race.SOLVED
    rest = (own["B"] * steps, solved, own["B"] * own["steps"], race.TASKS[own["task"]].chance)
    return Races(points, np.column_stack([loss, error]), *rest)
