"""One bit over a distance: the tasks of lesson 7's explorer, their score, and cells of one unit that learned them.

The input x_t is a bit, +1 or −1, at some steps, and noise or nothing at all others. At the last step comes
the question: which bit was the last? The answer should be that bit, +1 or −1. The cell to train is one LSTM
unit and one weight that reads it out. Besides x_t it is told when a bit comes and when it is asked, as a
reader who sets gates by hand is.
"""

from typing import NamedTuple

import numpy as np

from rnnlib import data
from rnnlib.cells import LSTM, LSTMParams
from rnnlib.experiments._progress import bar
from rnnlib.network import Network, NetworkParams
from rnnlib.optim import Adam
from rnnlib.training import Batch, fit

__all__ = ["LEVELS", "SETTINGS", "Level", "Score", "draw", "measure", "run", "score", "sequences", "train",
           "trained"]  # fmt: skip

SETTINGS = {
    "seeds": 5,
    "steps": 3000,
    "B": 32,
    "lr": 0.01,
    "clip": 1.0,
}
SCORED, SCORED_SEED = 16, 7
"""How many sequences a score counts, and the seed of their noise."""

TALK = 50
"""Points that it costs to talk, as loud as an answer, at every step before the question."""


class Level(NamedTuple):
    """A task.

    name : str
    N : int         steps; the question comes at the last
    bits : tuple    steps at which a bit comes
    noise : float   all other x_t are uniform in −noise ... noise
    silent : bool   whether an output before the question costs points
    """

    name: str
    N: int
    bits: tuple
    noise: float
    silent: bool

    @property
    def moments(self):
        """For every step 0 (in between), 1 (a bit comes) or 2 (the question): (N,)."""
        moments = np.zeros(self.N, int)
        moments[np.array(self.bits) - 1], moments[-1] = 1, 2
        return moments


LEVELS = {
    1: Level("quiet", 5, (1,), 0.0, False),
    2: Level("noise", 10, (1,), 1.0, False),
    3: Level("a newer bit", 20, (1, 8), 1.0, True),
}


class Score(NamedTuple):
    """Points: total = answer − cost, at least 0 and at most 100.

    answer : float    100 when every answer is the bit; 0 when it is silence, or further away than that
    cost : float      of talking before the question, where the level asks for silence
    """

    total: float
    answer: float
    cost: float


def draw(rng, level, B):
    """Draw B sequences of a level. Returns x (N, B) and the bits that are asked for, (B,)."""
    task = LEVELS[level]
    x = rng.uniform(-task.noise, task.noise, (task.N, B))
    x[np.array(task.bits) - 1] = rng.choice([-1.0, 1.0], (len(task.bits), B))
    return x, x[task.bits[-1] - 1]


def sequences(level):
    """Return the sequences that a score counts, as `draw` does: every combination of bits equally often."""
    task = LEVELS[level]
    x, _ = draw(np.random.default_rng(SCORED_SEED), level, SCORED)
    for k, step in enumerate(reversed(task.bits)):
        x[step - 1] = np.where((np.arange(SCORED) >> k) % 2 == k, 1.0, -1.0)
    return x, x[task.bits[-1] - 1]


def score(level, y):
    """Count the points of y (N, B), the outputs to `sequences`, in which the answers should be ±1."""
    _, bits = sequences(level)
    answer = 100 * np.maximum(0, 1 - np.abs(y[-1] - bits)).mean()
    cost = TALK * np.abs(y[:-1]).mean() if LEVELS[level].silent else 0.0
    return Score(float(np.clip(answer - cost, 0, 100)), float(answer), float(cost))


def train(level, seed=0, progress=False, **changes):
    """Train the cell on a level. Changes are to `SETTINGS`. Returns NetworkParams."""
    settings, rng = SETTINGS | changes, np.random.default_rng(seed)
    network, task = _network(), LEVELS[level]
    mask = np.zeros((task.N, settings["B"]), bool)
    mask[0 if task.silent else -1 :] = True

    def batch(step):
        x, bits = draw(rng, level, settings["B"])
        d = np.zeros((*x.shape, 1))
        d[-1, :, 0] = bits
        return Batch(_seen(level, x), d, mask)

    options = {"steps": settings["steps"], "clip": settings["clip"], "progress": progress}
    return fit(network, network.init(rng, 3, 1, 1), batch, optimizer=Adam(settings["lr"]), **options)[0]


def run(level, params):
    """Let a trained cell run over `sequences`: NetworkRun with `y` (N, B, 1), and the gates in `runs[0]`."""
    return _network().forward(params, _seen(level, sequences(level)[0]))


def measure(progress=True, **settings):
    """Train several cells on every level.

    Returns
    -------
    dict of arrays
        `scores` (levels, seeds), and the parameters of each level's median cell, by name: `W_n` (levels,
        4, 1) and so on; `W_y` (levels, 1, 1).
    """
    settings = SETTINGS | settings
    scores, chosen = np.empty((len(LEVELS), settings["seeds"])), []
    with bar("gate_lab", "cell", progress, total=scores.size) as cells:
        for row, level in zip(scores, LEVELS, strict=True):
            found = []
            for seed in range(settings["seeds"]):
                found.append(train(level, seed, **settings))
                row[seed] = score(level, run(level, found[-1]).y[..., 0]).total
                cells.update()
            chosen.append(found[np.argsort(row)[(len(row) - 1) // 2]])
    named = [params.cells[0]._asdict() | {"W_y": params.W_y} for params in chosen]
    stacked = {n: np.stack([p[n] for p in named]) for n in named[0] if named[0][n] is not None}
    return stacked | {"scores": scores}


def trained(level):
    """Return the stored cell of a level, NetworkParams."""
    arrays, _ = data.load_results("gate_lab")
    of_level = {name: values[list(LEVELS).index(level)] for name, values in arrays.items()}
    cell = LSTMParams(**{name: of_level[name] for name in LSTMParams._fields if name in of_level})
    return NetworkParams((cell,), of_level["W_y"])


def _network():
    return Network((LSTM(),))


def _seen(level, x):
    """Return what the trained cell sees, (N, B, 3): x_t, whether a bit comes, whether it is asked."""
    flags = LEVELS[level].moments[:, None] == np.array([1, 2])
    return np.concatenate([x[..., None], np.broadcast_to(flags[:, None], (*x.shape, 2))], axis=-1)
