"""What the applications that name a class have in common: few examples, an answer at the last step of each.

Training draws a batch of the examples at every step, and new Gaussian noise over their inputs, so that it
never sees the same numbers twice. Settings are compared by cross-validation on the training set: it is cut
into folds, each as rich in every class as the others, and a net that learned from all but one answers that.
"""

from typing import NamedTuple

import numpy as np

from rnnlib.cells import GRU, LSTM, RNN
from rnnlib.experiments._progress import bar
from rnnlib.experiments._scores import Score
from rnnlib.losses import cross_entropy, last_step_mask
from rnnlib.network import Network, NetworkParams
from rnnlib.optim import Adam
from rnnlib.training import Batch, History, fit

__all__ = ["Trained", "answers", "asked_last", "compared", "folds", "learned", "right", "some", "table"]

CELLS = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}


class Trained(NamedTuple):
    """A net, its parameters after training, and how the training went."""

    network: Network
    params: NetworkParams
    history: History


def asked_last(x, lengths, labels):
    """Return a batch of sequences whose class is asked for at the last step of each."""
    return Batch(x, np.tile(labels, (len(x), 1)), last_step_mask(lengths, len(x)))


def some(batch, b):
    """Return the sequences b of a batch."""
    return Batch(*(array[:, b] for array in batch))


def answers(trained, batch):
    """Return the class that a net names at the step of each sequence where it is asked, (B,)."""
    y = trained.network.forward(trained.params, batch.x).y
    return y[batch.mask.argmax(axis=0), np.arange(y.shape[1])].argmax(axis=-1)


def right(trained, batch):
    """Return the part of the sequences whose class a net names right."""
    return float(np.mean(answers(trained, batch) == batch.d[0]))


def learned(examples, n_y, seed, settings, front=(), progress=False, watch=None):
    """Train one net: cells in front, if any, then one cell, then a readout for each class.

    Parameters
    ----------
    examples : Batch
    n_y : int
        Number of classes.
    seed : int
    settings : dict
        `cell`, `n_s`, `lr`, `clip`, `B`, `steps`, and `noise`, the standard deviation.
    front : tuple of cells
        With an `n_s` of their own.
    progress, watch : as `fit` takes them

    Returns
    -------
    Trained
    """
    rng, n_x, count = np.random.default_rng(seed), examples.x.shape[-1], examples.x.shape[1]
    network = Network((*front, CELLS[settings["cell"]]()), bias_y=True)
    widths = (*(cell.n_s for cell in front), settings["n_s"])
    params = network.init(rng, n_x, widths, n_y, np.float32)

    def draw(step):
        batch = some(examples, rng.choice(count, min(settings["B"], count), replace=False))
        noise = rng.standard_normal(batch.x.shape, dtype=np.float32)
        return batch._replace(x=batch.x + np.float32(settings["noise"]) * noise)

    options = {"optimizer": Adam(settings["lr"]), "clip": settings["clip"], "steps": settings["steps"]}
    fitted = fit(network, params, draw, loss=cross_entropy, progress=progress, watch=watch, **options)
    return Trained(network, *fitted)


def folds(labels, count):
    """Return the fold of each example, 0 .. count−1: the first of a class is in 0, the next one in 1 ..."""
    fold = np.empty(len(labels), int)
    order = np.argsort(labels, kind="stable")
    fold[order] = np.arange(len(labels)) % count
    return fold


def compared(train, prepared, settings, name, progress=True):
    """Train all seeds and judge them on the test set; cross-validate what was tried on the training set.

    Parameters
    ----------
    train : callable
        `train(examples, seed, settings)` returns a Trained.
    prepared : callable
        `prepared(**settings)` returns the training set and the test set, as batches.
    settings : dict
        `seeds`, `folds`, and `tried`, a list of what is changed of the other settings.

    Returns
    -------
    dict of arrays
        right : (seeds,)                what part of the test set was named right
        answers : (seeds, B)            what was answered
        loss : (seeds, steps)           of each step's batch
        validated : (tried, folds)      what part of each fold was named right, by one net each
    """
    known, asked = prepared(**settings)
    fold = folds(known.d[0], settings["folds"])
    validated = np.empty((len(settings["tried"]), settings["folds"]))
    with bar(name, "net", progress, total=settings["seeds"] + validated.size) as nets:

        def ticked(*choices):
            nets.update()
            return train(*choices)

        found = [ticked(known, seed, settings) for seed in range(settings["seeds"])]
        for i, k in np.ndindex(validated.shape):
            other = settings | settings["tried"][i]
            batch = prepared(**other)[0]
            validated[i, k] = right(ticked(some(batch, fold != k), k, other), some(batch, fold == k))
    return {
        "right": np.array([right(trained, asked) for trained in found]),
        "answers": np.array([answers(trained, asked) for trained in found], np.uint8),
        "loss": np.array([trained.history.loss for trained in found], np.float32),
        "validated": validated,
    }


def table(application, measure, model, arrays, baselines, published):
    """Return a `Score` for what `compared` found, for each baseline, and for each published number.

    Parameters
    ----------
    application, measure, model : str
    arrays : dict of arrays
        `right`, and `baselines`, one number for each.
    baselines : tuple of str
    published : tuple of (model, number, source)

    Returns
    -------
    tuple of Score
    """
    rows = [(model, arrays["right"])]
    rows += [(name, [value], "baseline") for name, value in zip(baselines, arrays["baselines"], strict=True)]
    rows += [(name, [value], "published", source) for name, value, source in published]
    return tuple(Score(application, name, measure, np.array(values), *rest) for name, values, *rest in rows)
