"""One training of one cell on one task of long lags, until it is done or its sequences are used up.

Every task has its own sense of a right answer to a sequence:

    latch, two_sequence    the sign of the last output
    embedded_reber         after every symbol the legal successors are the most active outputs
    adding                 the last output is off by less than 0.08, 4 % of the range of the sums
    temporal_order         the largest of the last outputs is that of the class

Training ends after a streak of batches that were answered without a mistake before the net learned from them.
The net has solved the task when 99 % of 1000 new sequences are answered right as well.

The criteria are those of Hochreiter and Schmidhuber (1997), "Long short-term memory", in kind: "all strings
predicted correctly" (section 5.1), errors below 0.04 where the targets fill [0, 1] (section 5.4), all of the
latest sequences right (sections 5.4 and 5.6, where these are 2000 and the mean error has a limit as well).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnlib import tasks
from rnnlib.activations import by_name
from rnnlib.bptt import truncated
from rnnlib.cells import GRU, LSTM, RNN
from rnnlib.experiments._training import UntilDone, chosen, started
from rnnlib.losses import cross_entropy, squared_error
from rnnlib.network import Network, NetworkParams
from rnnlib.optim import Adam
from rnnlib.training import History, fit

__all__ = [
    "SETTINGS",
    "SOLVED",
    "TASKS",
    "Elman",
    "Outcome",
    "Task",
    "Trained",
    "class_is_right",
    "held",
    "is_close",
    "judge",
    "run_of",
    "sign_is_right",
    "successors_are_right",
    "thinned",
    "train",
    "untrained",
]

SOLVED = 0.99
"""The part of a test set that a net has to answer right."""

CLOSE = 0.08
"""The largest error of a right sum."""

SETTINGS = {
    "cell": "LSTM",
    "choices": {},  # of the cell, such as {"forget_bias": 0.0}
    "start": "orthogonal",  # of W_s in an RNN
    "fill": {},  # parameters that start as one number, such as {"b_z": 5.0}
    "n_s": 16,
    "B": 32,
    "lr": 0.01,
    "clip": 1.0,
    "steps": 1000,
    "streak": 16,
    "dtype": "float32",
    "test_seed": 1000,
    "test_B": 1000,
    "test_length": None,  # of the test sequences, if not that of the training
}


class Task(NamedTuple):
    """What a net has to be told about a task.

    draw : `draw(rng, length, B, dtype)` makes a Batch; `length` is the lag, or T, or the number of strings
    n_x, n_y : inputs and outputs of the net
    loss : as `fit` takes it
    right : `right(y, batch)` says of each sequence whether the answer is right, (B,)
    chance : E of the best answer that does not look at the input; None where nothing is the same every time
    """

    draw: Callable
    n_x: int
    n_y: int
    loss: Callable
    right: Callable
    chance: float | None = None


class Trained(NamedTuple):
    """A net, its parameters after training, and how the training went."""

    network: Network
    params: NetworkParams
    history: History


class Outcome(NamedTuple):
    """How one training ended, or arrays for many.

    right : part of the test set that is answered right; not a number when the training overflowed
    error : E of the test set
    steps : training steps taken; all that were allowed unless it was done before
    cpu_seconds : what the training cost
    """

    right: np.ndarray
    error: np.ndarray
    steps: np.ndarray
    cpu_seconds: np.ndarray

    @property
    def solved(self):
        """Whether 99 % of the test set are right."""
        return self.right >= SOLVED


def sign_is_right(y, batch):
    """The last output has the sign of the target."""
    return np.sign(y[-1, :, 0]) == batch.d[-1, :, 0]


def is_close(y, batch):
    """The last output is off by less than `CLOSE`."""
    return np.abs(y[-1, :, 0] - batch.d[-1, :, 0]) < CLOSE


def class_is_right(y, batch):
    """The largest of the last outputs is that of the class."""
    return y[-1].argmax(axis=1) == batch.d[-1]


def successors_are_right(y, batch):
    """After every symbol of a string, each legal successor is more active than all that are not legal."""
    legal = tasks.legal_successors(batch.x)
    least, most = np.where(legal, y, np.inf).min(axis=2), np.where(legal, -np.inf, y).max(axis=2)
    return np.all((least > most) | ~batch.mask, axis=0)


def _strings(rng, length, B, dtype):
    return tasks.embedded_reber(rng, B, length, dtype)


TASKS = {
    "latch": Task(tasks.latch, 1, 1, squared_error, sign_is_right, 1 / 2),
    "two_sequence": Task(tasks.two_sequence, 1, 1, squared_error, sign_is_right, 1 / 2),
    "embedded_reber": Task(_strings, 7, 7, cross_entropy, successors_are_right),
    "adding": Task(tasks.adding, 2, 1, squared_error, is_close, 1 / 12),
    "temporal_order": Task(tasks.temporal_order, 8, 4, cross_entropy, class_is_right, float(np.log(4))),
}


def train(task, length, seed=0, progress=False, watch=None, seconds=None, **changes):
    """Train one net until it is done, or its steps are used up.

    Parameters
    ----------
    task : str
        One of `TASKS`.
    length : int
        The lag of latch and two_sequence, the strings of embedded_reber, the T of the others.
    seed : int
    progress, watch : as `fit` takes them
    seconds : float, optional
        Stop after this time.
    **changes
        To `SETTINGS`.

    Returns
    -------
    Trained
    """
    task, settings = chosen("task", task, TASKS), SETTINGS | changes
    rng, network = np.random.default_rng(seed), Network((_cell(settings),), bias_y=True)
    start = _start(rng, network, task, settings)
    batches = UntilDone(
        draw=lambda: task.draw(rng, length, settings["B"], dtype=settings["dtype"]),
        loss=task.loss,
        right=lambda y, batch: bool(np.all(task.right(y, batch))),
        steps=settings["steps"],
        streak=settings["streak"],
        seconds=seconds,
    )
    options = {"optimizer": Adam(settings["lr"]), "clip": settings["clip"], "watch": watch}
    return Trained(network, *fit(network, start, batches, batches.loss, progress=progress, **options))


def untrained(task, length, seed=0, **changes):
    """Return the cell of a net that `train` starts from, its parameters, and one sequence x (T, 1, n_x)."""
    task, settings = chosen("task", task, TASKS), SETTINGS | changes
    rng, network = np.random.default_rng(seed), Network((_cell(settings),), bias_y=True)
    params = _start(rng, network, task, settings)
    return network.cells[0], params.cells[0], task.draw(rng, length, 1, dtype=settings["dtype"]).x


@dataclass(frozen=True)
class Elman(RNN):
    """The simple RNN, trained as in 1990: the state before is an input like any other, and a constant.

    Source: Elman (1990), "Finding structure in time". Only the gradient of the parameters is cut.
    """

    def backward(self, params, run, dE_ds=None, dE_dlast=None):
        """As `RNN.backward`, with the parameters' gradient of `bptt.truncated`, h = 1."""
        whole = super().backward(params, run, dE_ds, dE_dlast)
        return whole._replace(params=truncated(self, params, run, dE_ds, 1))


def _cell(settings):
    kind = chosen("cell", settings["cell"], {"RNN": RNN, "Elman": Elman, "LSTM": LSTM, "GRU": GRU})
    choices = settings["choices"]
    return kind(**choices | ({"phi": by_name(choices["phi"])} if "phi" in choices else {}))


def _start(rng, network, task, settings):
    params = network.init(rng, task.n_x, settings["n_s"], task.n_y, np.dtype(settings["dtype"]))
    (cell,) = params.cells
    filled = {name: np.full_like(getattr(cell, name), value) for name, value in settings["fill"].items()}
    if settings["cell"] in ("RNN", "Elman"):
        filled["W_s"] = started(rng, cell.W_s, settings["start"])
    return params._replace(cells=(cell._replace(**filled),))


def judge(trained, task, length, **changes):
    """Test a trained net with new sequences. Returns (right, error), as in `Outcome`."""
    task, settings = chosen("task", task, TASKS), SETTINGS | changes
    rng = np.random.default_rng(settings["test_seed"])
    length = length if settings["test_length"] is None else settings["test_length"]
    batch = task.draw(rng, length, settings["test_B"], dtype=settings["dtype"])
    y = trained.network.forward(trained.params, batch.x).y
    return float(np.mean(task.right(y, batch))), task.loss(y, batch.d, batch.mask)[0]


def run_of(task, length, seed, watch=None, **changes):
    """Train and judge one net. Returns its Outcome, and the loss of each step."""
    losses, start = [], time.process_time()

    def note(E):
        losses.append(E)
        if watch is not None:
            watch(E)

    try:
        trained = train(task, length, seed, watch=note, **changes)
    except FloatingPointError:
        return Outcome(np.nan, np.nan, len(losses), time.process_time() - start), np.array(losses)
    seconds = time.process_time() - start
    return Outcome(*judge(trained, task, length, **changes), len(losses), seconds), np.array(losses)


def thinned(loss, edges):
    """Return the mean loss of the steps between each two edges; not a number after the last step taken.

    Parameters
    ----------
    loss : (steps,) array
    edges : (n + 1,) array of int
        Growing, from 0; entry k of the result is the mean of loss[edges[k]:edges[k+1]].
    """
    pieces = np.split(loss, edges[1:])[: len(edges) - 1]
    return np.array([piece.mean() if len(piece) else np.nan for piece in pieces])


def held(curves):
    """Return curves (n, points) of which each keeps its last number where it has none."""
    last = np.isfinite(curves).sum(axis=1) - 1
    where = np.minimum(np.arange(curves.shape[1]), last[:, None])
    return np.take_along_axis(curves, where, axis=1)
