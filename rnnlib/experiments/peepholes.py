"""Do peepholes matter for timing? An LSTM with and without them learns to answer a pulse k steps later.

The task is `tasks.timing`. Each net sees new sequences at every training step. Training ends after a streak
of batches that were answered without a mistake before the net learned from them: in every sequence the output
is above ½ at each step where an answer is due, and at no other. The net has solved the task when 99 % of a
test set are answered like that as well.

All nets have the same start and the same training, and peepholes start at zero, so the two kinds begin as the
same function. A net with peepholes has 3 n_s numbers more. What fails is kept and counts.
"""

from typing import NamedTuple

import numpy as np

from rnnlib import tasks
from rnnlib.cells import LSTM
from rnnlib.experiments._progress import bar
from rnnlib.experiments._training import UntilDone
from rnnlib.losses import squared_error
from rnnlib.network import Network, NetworkParams
from rnnlib.optim import Adam
from rnnlib.training import History, fit

__all__ = ["SETTINGS", "SOLVED", "Trained", "answered", "measure", "right", "train"]

SOLVED = 0.99
"""The part of a test set that a net has to answer right."""

SETTINGS = {
    "delays": [10, 30],
    "units": [1, 2, 4, 8],
    "seeds": 10,
    "T": 4,  # times the delay
    "B": 32,
    "steps": 4000,
    "streak": 16,
    "lr": 0.01,
    "clip": 1.0,
    "test_seed": 1000,
    "test_B": 1000,
}


class Trained(NamedTuple):
    """A net, its parameters after training, and how the training went."""

    network: Network
    params: NetworkParams
    history: History


def answered(y, d):
    """Say of each sequence whether every step is right, (B,): y above ½ where d is 1, and nowhere else."""
    return np.all((y > 0.5) == (d > 0.5), axis=(0, 2))


def train(k, n_s, peepholes, seed=0, progress=False, watch=None, **changes):
    """Train one net until it is done, or its steps are used up.

    Parameters
    ----------
    k, n_s : int
        The delay in steps; the number of units.
    peepholes : bool
    seed : int
    progress, watch : as `fit` takes them
    **changes
        To `SETTINGS`.

    Returns
    -------
    Trained
    """
    settings = SETTINGS | changes
    rng, network = np.random.default_rng(seed), Network((LSTM(peepholes=peepholes),), bias_y=True)
    params = network.init(rng, 1, n_s, 1, np.float32)
    batches = UntilDone(
        draw=lambda: _draw(rng, k, settings["B"], settings),
        loss=squared_error,
        right=lambda y, batch: bool(answered(y, batch.d).all()),
        steps=settings["steps"],
        streak=settings["streak"],
    )
    options = {"optimizer": Adam(settings["lr"]), "clip": settings["clip"], "watch": watch}
    return Trained(network, *fit(network, params, batches, loss=batches.loss, progress=progress, **options))


def right(trained, k, **changes):
    """Return the part of new sequences that a trained net answers right."""
    settings = SETTINGS | changes
    batch = _draw(np.random.default_rng(settings["test_seed"]), k, settings["test_B"], settings)
    return float(answered(trained.network.forward(trained.params, batch.x).y, batch.d).mean())


def _draw(rng, k, B, settings):
    return tasks.timing(rng, settings["T"] * k, B, k, np.float32)


def measure(progress=True, **settings):
    """Train every size of net for every delay, without and with peepholes.

    Returns
    -------
    dict of arrays
        `right` and `steps` (2, delays, units, seeds): part of the test set answered right, and training steps
        taken, all that were allowed unless the net was done before; first without peepholes, then with.
    """
    settings = SETTINGS | settings
    delays, units, seeds = settings["delays"], settings["units"], settings["seeds"]
    found = np.empty((2, 2, len(delays), len(units), seeds))
    with bar("peepholes", "net", progress, total=found[0].size) as nets:
        for peepholes, i, j, seed in np.ndindex(found.shape[1:]):
            trained = train(delays[i], units[j], bool(peepholes), seed, **settings)
            found[:, peepholes, i, j, seed] = right(trained, delays[i], **settings), len(trained.history.loss)
            nets.update()
    return {"right": found[0], "steps": found[1]}
