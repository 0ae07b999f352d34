"""What a trained net makes of one sequence, step by step; and which steps its answer hangs on.

The nets are those that `data.load_net` keeps: "speech" names one of nine speakers, "gesture" tells drawing
from pointing. Both are asked at the last step only; `hear` has what they would have answered at each step
before. Two ways to ask which steps mattered:

    gradient     ∂ log p_c / ∂x_t, of the probability p_c of class c in the answer: `gradient`
    removal      the probabilities of an answer without step t: `without`

The first follows an infinitely small change, the second a whole step: they need not agree.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from rnnlib import data
from rnnlib._check import check_count
from rnnlib.experiments import gesture, speech
from rnnlib.experiments._training import chosen
from rnnlib.gradients._trees import mapped
from rnnlib.network import Network, NetworkParams

__all__ = ["TASKS", "WAYS", "Heard", "Task", "gradient", "hear", "load", "pieces", "settled", "without"]

TASKS = {"speech": (speech, data.load_japanese_vowels), "gesture": (gesture, data.load_gun_point)}
"""Name of a net -> the experiment that trained it, and its data."""

WAYS = ("cut", "hold", "zero")
"""How a step is removed: cut out, and the rest moves up; replaced by the step before; or set to 0, the mean
of all inputs."""


class Task(NamedTuple):
    """A trained net and the test set, ready for it, as float64.

    network, params
    x : (T, B, n_x)      padded with 0
    lengths, labels : (B,)
    classes : tuple of str
    """

    network: Network
    params: NetworkParams
    x: np.ndarray
    lengths: np.ndarray
    labels: np.ndarray
    classes: tuple


class Heard(NamedTuple):
    """One sequence of n steps, and what the net makes of it.

    x : (n, n_x)
    STM, LTM : (n, n_s)
    p : (n, n_y)          probabilities of the classes, had it been asked at each step
    label : int           the right class
    """

    x: np.ndarray
    STM: np.ndarray
    LTM: np.ndarray
    p: np.ndarray
    label: int


@cache
def load(task):
    """Return a trained net with its test set.

    Parameters
    ----------
    task : "speech" or "gesture"

    Returns
    -------
    Task
    """
    module, load_data = chosen("task", task, TASKS)
    network, params = data.load_net(task)
    params = mapped(lambda name, array: array.astype(np.float64), "params", params)
    batch, known = module.prepared()[1], load_data()
    lengths = batch.mask.argmax(axis=0) + 1
    return Task(network, params, batch.x.astype(np.float64), lengths, batch.d[0], known.classes)


def _probabilities(y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _sequence(task, piece):
    """One sequence of the test set as a batch, (n, 1, n_x)."""
    if not 0 <= piece < len(task.lengths):
        raise ValueError(f"piece is {piece}; expected a place in the test set, 0 to {len(task.lengths) - 1}")
    return task.x[: task.lengths[piece], piece : piece + 1]


def hear(task, piece):
    """Let the net read one sequence of its test set.

    Parameters
    ----------
    task : "speech" or "gesture"
    piece : int
        Place in the test set, from 0.

    Returns
    -------
    Heard
    """
    loaded = load(task)
    x = _sequence(loaded, piece)
    run = loaded.network.forward(loaded.params, x)
    cell = run.runs[-1]
    parts = (x, cell.STM[1:], cell.LTM[1:], _probabilities(run.y))
    return Heard(*(part[:, 0] for part in parts), int(loaded.labels[piece]))


def gradient(task, piece, c):
    """Return ∂ log p_c / ∂x_t for all steps, (n, n_x): p_c is the probability of class c at the last step.

    At the outputs it is ∂ log p_c / ∂y_k = [k = c] − p_k; the network's own backward pass does the rest.

    Parameters
    ----------
    task : "speech" or "gesture"
    piece : int
    c : int
        A class.

    Returns
    -------
    array
    """
    loaded = load(task)
    run = loaded.network.forward(loaded.params, _sequence(loaded, piece))
    dE_dy = np.zeros_like(run.y)
    dE_dy[-1] = np.eye(run.y.shape[-1])[c] - _probabilities(run.y[-1])
    return loaded.network.backward(loaded.params, run, dE_dy).x[:, 0]


def without(task, piece, width=1, way="cut"):
    """Return the probabilities in the answer when step t is removed, for every t: (n, n_y).

    Parameters
    ----------
    task : "speech" or "gesture"
    piece : int
    width : int
        Steps removed together, an odd number: t and its neighbors, as far as there are any.
    way : "cut", "hold" or "zero"
        One of `WAYS`. Before the first step there is none to hold: there it is the one after.

    Returns
    -------
    array
    """
    loaded, width = load(task), check_count("width", width)
    x = _sequence(loaded, piece)[:, 0]
    if way not in WAYS or width % 2 == 0 or width > len(x):
        expected = f"one of {WAYS}, and an odd number up to {len(x)}"
        raise ValueError(f"way is {way!r} and width {width}; expected {expected}")
    batch, last = _removed(x, width // 2, way)
    y = loaded.network.forward(loaded.params, batch).y
    return _probabilities(y[last, np.arange(len(x))])


def _removed(x, reach, way):
    """A batch with a sequence for every t, without steps t − reach to t + reach, and where each ends."""
    n, t = len(x), np.arange(len(x))
    gone = np.abs(t[:, None] - t) <= reach  # (step, t)
    ends = np.full(n, n - 1)
    if way == "zero":
        return np.where(gone[..., None], 0.0, x[:, None]), ends
    if way == "hold":
        before, after = t - reach - 1, np.minimum(t + reach + 1, n - 1)
        return x[np.where(gone, np.where(before < 0, after, before), t[:, None])], ends
    stays_first = np.argsort(gone, axis=0, kind="stable")
    return x[stays_first], (~gone).sum(axis=0) - 1


def settled(p):
    """Return the step, from 1, after which the class with the largest probability stays the same.

    Parameters
    ----------
    p : (n, n_y) array

    Returns
    -------
    int
    """
    others = np.flatnonzero(p.argmax(axis=1) != p[-1].argmax())
    return int(others[-1]) + 2 if others.size else 1


@cache
def pieces(task):
    """Choose sequences of the test set that are worth a look: at odds with the net, and one of each class.

    Parameters
    ----------
    task : "speech" or "gesture"

    Returns
    -------
    dict
        Place in the test set -> why: "surest of the wrong", "least sure of the wrong", "least sure of the
        right", "latest to decide", "earliest to decide", or "first that is right, " and the class.
    """
    labels, right, sure, late = _judged(load(task))
    wanted = {
        "surest of the wrong": (~right, sure),
        "least sure of the wrong": (~right, -sure),
        "least sure of the right": (right, -sure),
        "latest to decide": (right, late),
        "earliest to decide": (right, -late),
    }
    for k, name in enumerate(load(task).classes):
        wanted[f"first that is right, {name}"] = right & (labels == k), np.zeros(len(labels))
    found = {}
    for why, (candidates, score) in wanted.items():
        free = [b for b in np.flatnonzero(candidates).tolist() if b not in found]
        if free:
            found[max(free, key=score.__getitem__)] = why
    return found


def _judged(task):
    """Of all sequences: right class, whether it is named, how surely, and when it settled, as a part of n."""
    p = _probabilities(task.network.forward(task.params, task.x).y)
    answers = p[task.lengths - 1, np.arange(len(task.lengths))]
    late = np.array([settled(p[:n, b]) / n for b, n in enumerate(task.lengths)])
    return task.labels, answers.argmax(axis=1) == task.labels, answers.max(axis=1), late
