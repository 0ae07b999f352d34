"""A training that can be watched and stopped: RNN, LSTM and GRU learn to hold one bit, chunk by chunk.

The task is `tasks.latch`: x_1 = ±1, noise, and `lag` steps later the answer x_1. All three see the same
sequences, new ones at every step, and have about as many weights. A cell is done after 16 batches in a row
without a mistake, before it learned from them, and gives up after 500 steps. What was trained is kept for a
while, so asking again for what has been there costs nothing.
"""

import threading
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rnnlib import tasks
from rnnlib.cells import GRU, LSTM, RNN
from rnnlib.experiments._training import UntilDone, started
from rnnlib.experiments.race import sign_is_right
from rnnlib.losses import squared_error
from rnnlib.network import Network
from rnnlib.optim import Adam
from rnnlib.training import walk

__all__ = ["CELLS", "SETTINGS", "Progress", "Race", "race"]

SETTINGS = {"steps": 500, "B": 32, "clip": 1.0, "streak": 16}

CELLS = {"RNN": (RNN, 32), "LSTM": (LSTM, 16), "GRU": (GRU, 18)}
"""Name -> (cell, n_s): 1,121 weights in the RNN, 1,169 in the LSTM, 1,099 in the GRU with their readouts."""

KEPT = 16
"""Races that are kept in memory."""


class Progress(NamedTuple):
    """How far a cell has come.

    loss, right : (steps,)    E of each step's batch, and the part of it that was answered right by sign
    end : str                 "" while it goes on, then "done", "gave up" or "overflowed"
    """

    loss: np.ndarray
    right: np.ndarray
    end: str


class Race:
    """Three trainings side by side, as far as somebody has asked for.

    Parameters
    ----------
    lag : int
    b : float
        What b_f of the LSTM and b_z of the GRU (z = 1 keeps) start as.
    lr : float
        Learning rate of Adam.
    seed : int
        Of the weights and the sequences.
    start : "orthogonal" or "small"
        Of every recurrent matrix: a rotation, or uniform in ±1/√n_s.
    """

    def __init__(self, lag, b, lr, seed, start):
        self._runners = {name: _Runner(name, lag, b, lr, seed, start) for name in CELLS}
        self._lock = threading.Lock()  # a browser's questions come from another thread than a cell's

    def at(self, step):
        """Train what has not come to this step yet; return how all were there: name -> Progress."""
        with self._lock:
            return {name: runner.at(step) for name, runner in self._runners.items()}


@lru_cache(KEPT)
def race(lag, b, lr, seed, start):
    """Return the `Race` of these settings: the same one as long as it is kept."""
    return Race(lag, b, lr, seed, start)


class _Runner:
    """One cell on its way."""

    def __init__(self, name, lag, b, lr, seed, start):
        cell, n_s = CELLS[name]
        network = Network((cell(),), bias_y=True)
        rng = np.random.default_rng(seed)
        params = _started(rng, network.init(rng, 1, n_s, 1, np.float32), b, start)
        self._loss, self._right = [], []
        self._last, self._end = SETTINGS["steps"], "gave up"  # unless something else comes before
        rng = np.random.default_rng((seed, 1))
        self._batches = UntilDone(
            draw=lambda: tasks.latch(rng, lag, SETTINGS["B"], dtype=np.float32),
            loss=squared_error,
            right=self._judged,
            steps=SETTINGS["steps"],
            streak=SETTINGS["streak"],
        )
        options = {"optimizer": Adam(lr), "clip": SETTINGS["clip"]}
        self._steps = walk(network, params, self._batches, self._batches.loss, **options)

    def at(self, step):
        """Train up to a step, unless the end comes first, and return the progress up to there."""
        while len(self._loss) < min(step, self._last):
            try:
                self._loss.append(next(self._steps)[1])
            except FloatingPointError:
                self._last, self._end = len(self._loss) + 1, "overflowed"
                self._loss.append(np.nan)
            if self._batches.in_a_row == SETTINGS["streak"]:
                self._last, self._end = len(self._loss), "done"
        seen = slice(min(step, len(self._loss)))
        end = self._end if step >= self._last else ""
        return Progress(np.array(self._loss[seen]), np.array(self._right[seen]), end)

    def _judged(self, y, batch):
        self._right.append(float(np.mean(sign_is_right(y, batch))))
        return self._right[-1] == 1


def _started(rng, params, b, start):
    """Set b_f or b_z, where there is one, and the recurrent weights, the first n_s rows of the matrices."""
    (cell,), n_s = params.cells, len(params.W_y)
    fresh = {name: np.full_like(getattr(cell, name), b) for name in ("b_f", "b_z") if hasattr(cell, name)}
    for name, W in cell._asdict().items() if start == "small" else ():
        if name.startswith("W") and name != "W_x" and W is not None:
            fresh[name] = np.concatenate([started(rng, W[:n_s], start), W[n_s:]])
    return params._replace(cells=(cell._replace(**fresh),))
