"""One bit over a distance: the tasks of lesson 7's explorer, their score, and cells that learned their gates.

The input x_t is a bit, +1 or −1, at some steps, and noise or nothing at all others. At the last step comes
the question: which bit was the last? The answer is STM of one LSTM unit, divided by what a whole bit gives.

The trained cells are that unit with N_t = tanh(2 x_t), as set by hand; only the weights of f, i and V are
learned. Besides x_t and STM_{t-1} these see whether a bit comes and whether it is asked, as a reader who sets
gates by hand does. Where silence is wanted before the question, half of the training asks for answers alone.
If silence is asked for from the start, no cell learns to answer: the gates close, and hardly any gradient is
left there (`at_once`).
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from rnnlib import data
from rnnlib.cells import LSTM, LSTMParams
from rnnlib.experiments._progress import bar
from rnnlib.network import Network, NetworkParams
from rnnlib.optim import Adam
from rnnlib.training import Batch, fit

__all__ = [
    "LEVELS",
    "LOUD",
    "SETTINGS",
    "WEIGHT",
    "Level",
    "Score",
    "draw",
    "measure",
    "run",
    "score",
    "sequences",
    "train",
    "trained",
]

SETTINGS = {
    "seeds": 5,
    "steps": 2000,
    "B": 32,
    "lr": 0.03,
    "clip": 1.0,
}
WEIGHT = 2.0
"""N_t = tanh(WEIGHT x_t)."""

LOUD = float(np.tanh(np.tanh(WEIGHT)))
"""STM of a whole bit, let in, kept and shown: the answer 1."""

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


@cache
def sequences(level):
    """Return the sequences that a score counts, as `draw` does: every combination of bits equally often.

    In the first one the last bit is +1, and the one before it −1. The arrays are read-only.
    """
    task = LEVELS[level]
    x, _ = draw(np.random.default_rng(SCORED_SEED), level, SCORED)
    for k, step in enumerate(reversed(task.bits)):
        x[step - 1] = np.where((np.arange(SCORED) >> k) % 2 == k, 1.0, -1.0)
    x.flags.writeable = False
    return x, x[task.bits[-1] - 1]


def score(level, y):
    """Count the points of y (N, B), the outputs to `sequences`, in which the answers should be ±1."""
    _, bits = sequences(level)
    answer = 100 * np.maximum(0, 1 - np.abs(y[-1] - bits)).mean()
    cost = TALK * np.abs(y[:-1]).mean() if LEVELS[level].silent else 0.0
    return Score(float(np.clip(answer - cost, 0, 100)), float(answer), float(cost))


def train(level, seed=0, progress=False, at_once=False, **changes):
    """Train the gates of a cell on a level.

    Parameters
    ----------
    level : int
    seed : int
    progress : bool
    at_once : bool
        Ask for silence from the first step of the training, where the level wants it.
    **changes
        Settings that differ from `SETTINGS`.

    Returns
    -------
    NetworkParams
    """
    settings, rng = SETTINGS | changes, np.random.default_rng(seed)
    task, network = LEVELS[level], _OnlyGates((LSTM(),))
    params = _by_hand(network.init(rng, 3, 1, 1))

    def batch(step):
        x, bits = draw(rng, level, settings["B"])
        d = np.zeros((*x.shape, 1))
        d[-1, :, 0] = bits
        mask = np.zeros(x.shape, bool)
        mask[0 if task.silent and (at_once or step >= settings["steps"] // 2) else -1 :] = True
        return Batch(_seen(level, x), d, mask)

    options = {"steps": settings["steps"], "clip": settings["clip"], "progress": progress}
    return fit(network, params, batch, optimizer=Adam(settings["lr"]), **options)[0]


class _OnlyGates(Network):
    """A network that learns f, i and V, and nothing else."""

    def backward(self, params, run, dE_dy=None, dE_dlast=None):
        """As `Network.backward`, with zeros for what is set by hand."""
        grads = super().backward(params, run, dE_dy, dE_dlast)
        (cell,), W_y = grads.params.cells, grads.params.W_y
        cell = cell._replace(W_n=0 * cell.W_n, b_n=0 * cell.b_n)
        return grads._replace(params=NetworkParams((cell,), 0 * W_y))


def _by_hand(params):
    """Set what is not learned: N_t = tanh(WEIGHT x_t), and an answer of a whole bit is 1."""
    W_n = np.zeros_like(params.cells[0].W_n)
    W_n[1] = WEIGHT
    return NetworkParams((params.cells[0]._replace(W_n=W_n),), np.full_like(params.W_y, 1 / LOUD))


def run(level, params):
    """Let a trained cell run over `sequences`: NetworkRun with `y` (N, B, 1), and the gates in `runs[0]`."""
    return Network((LSTM(),)).forward(params, _seen(level, sequences(level)[0]))


def measure(progress=True, **settings):
    """Train several cells on every level.

    Returns
    -------
    dict of arrays
        `scores` (levels, seeds); `at_once` (seeds,), those of level 3 with silence from the start; and the
        parameters of each level's median cell by name: `W_n` (levels, 4, 1) and so on, `W_y` (levels, 1, 1).
    """
    settings = SETTINGS | settings
    with bar("gate_lab", "cell", progress, total=(len(LEVELS) + 1) * settings["seeds"]) as cells:
        judged = [_judged(level, settings, cells) for level in LEVELS]
        at_once, _ = _judged(3, settings, cells, at_once=True)
    named = [params.cells[0]._asdict() | {"W_y": params.W_y} for _, params in judged]
    stacked = {n: np.stack([p[n] for p in named]) for n in named[0] if named[0][n] is not None}
    return stacked | {"scores": np.array([scores for scores, _ in judged]), "at_once": np.array(at_once)}


def _judged(level, settings, cells, **options):
    """Train a cell per seed; return all scores, and the parameters of the median one."""
    scores, found = [], []
    for seed in range(settings["seeds"]):
        found.append(train(level, seed, **settings, **options))
        scores.append(score(level, run(level, found[-1]).y[..., 0]).total)
        cells.update()
    return scores, found[np.argsort(scores)[(len(scores) - 1) // 2]]


@cache
def trained(level):
    """Return the stored cell of a level, NetworkParams."""
    arrays, _ = data.load_results("gate_lab")
    row = list(LEVELS).index(level)
    cell = LSTMParams(**{name: arrays[name][row] for name in LSTMParams._fields if name in arrays})
    return NetworkParams((cell,), arrays["W_y"][row])


def _seen(level, x):
    """Return what the trained cell sees, (N, B, 3): x_t, whether a bit comes, whether it is asked."""
    flags = LEVELS[level].moments[:, None] == np.array([1, 2])
    return np.concatenate([x[..., None], np.broadcast_to(flags[:, None], (*x.shape, 2))], axis=-1)
