"""Mini-batches: how far off is the mean of M gradients, and what does a training step of M sequences cost?

The task is binary addition, with a simple RNN after a few steps of training. The data are a fixed set of
sequences, so the gradient that a mini-batch estimates is known: the mean over the set. Stored are only the
times, which are those of one machine; `gradients` gives the rest in a moment.
"""

import time

import numpy as np

from rnnlib import tasks
from rnnlib.bptt import per_sequence
from rnnlib.cells import RNN
from rnnlib.experiments._progress import bar
from rnnlib.losses import squared_error
from rnnlib.network import Network
from rnnlib.optim import Adam, clip_by_norm
from rnnlib.training import fit

__all__ = ["SETTINGS", "gradients", "measure", "network"]

SETTINGS = {
    "doublings": 8,  # M = 1, 2, 4 ... 256
    "rounds": 600,
    "T": 12,
    "n_s": 16,
    "set_size": 256,
    "steps": 20,  # at the start the loss falls whatever is drawn; after 20 steps noise begins to matter
    "B": 32,
    "lr": 0.001,
    "clip": 1.0,
    "seed": 0,
}


def network(**changes):
    """Train the net for a few steps. Changes are to `SETTINGS`. Returns (Network, NetworkParams)."""
    settings = SETTINGS | changes
    rng, net = np.random.default_rng(settings["seed"]), Network((RNN(),), bias_y=True)
    params = net.init(rng, 2, settings["n_s"], 1)
    options = {"optimizer": Adam(settings["lr"]), "clip": settings["clip"], "progress": False}

    def batch(step):
        return tasks.addition(rng, settings["T"], settings["B"])

    return net, fit(net, params, batch, steps=settings["steps"], **options)[0]


def gradients(**changes):
    """Return δ_k for every sequence of the set, (set_size, P): W_x, W_s, b_s, W_y and b_y in one row."""
    settings = SETTINGS | changes
    rng = np.random.default_rng(settings["seed"] + 1)
    return per_sequence(*network(**changes), tasks.addition(rng, settings["T"], settings["set_size"]))


def measure(progress=True, **settings):
    """Time training steps of M sequences: forward, loss, backward, clip, update.

    The sizes take turns, so that what else the machine does falls on all of them alike; of two steps in a
    row the second counts, which finds the memory as in a training.

    Returns
    -------
    dict of arrays
        `M` (sizes,) and `seconds` (rounds, sizes), each the time of one step.
    """
    settings = SETTINGS | settings
    net, params = network(**settings)
    M = 2 ** np.arange(settings["doublings"] + 1)
    rng = np.random.default_rng(settings["seed"])
    batches = [tasks.addition(rng, settings["T"], int(size)) for size in M]
    seconds = np.empty((settings["rounds"], len(M)))
    for row in bar("mini_batch", "round", progress, over=seconds):
        for i, batch in enumerate(batches):
            _seconds(net, params, batch, settings)
            row[i] = _seconds(net, params, batch, settings)
    return {"M": M, "seconds": seconds.astype(np.float32)}


def _seconds(net, params, batch, settings):
    optimizer = Adam(settings["lr"])
    state, start = optimizer.init(params), time.perf_counter()
    run = net.forward(params, batch.x)
    _, dE_dy = squared_error(run.y, batch.d, batch.mask)
    grads = net.backward(params, run, dE_dy).params
    optimizer.update(params, clip_by_norm(grads, settings["clip"]), state)
    return time.perf_counter() - start
