"""Train any network on any task, with one call."""

import math
import sys
import time
from itertools import islice
from typing import NamedTuple

import numpy as np

from rnnlib._check import check_count
from rnnlib.losses import squared_error
from rnnlib.optim import Adam, clip_by_norm, global_norm

__all__ = ["Batch", "History", "fit", "walk"]


class Batch(NamedTuple):
    """Sequences to learn from at one step.

    x : (T, B, n_x)      the inputs
    d : (T, B, n_y)      the desired outputs, or what the loss takes in their place
    mask : (T, B) or None    where an output counts; None: everywhere; or what the loss takes in its place
    """

    x: np.ndarray
    d: np.ndarray
    mask: np.ndarray | None = None


class History(NamedTuple):
    """One entry for each training step.

    loss : (steps,)         E of that step's batch, before its update
    grad_norm : (steps,)    ‖δ‖ of all parameters together, before clipping
    seconds : (steps,)      time since the start of the training
    """

    loss: np.ndarray
    grad_norm: np.ndarray
    seconds: np.ndarray


def fit(
    network,
    params,
    batches,
    loss=squared_error,
    optimizer=None,
    clip=None,
    steps=None,
    progress=True,
    watch=None,
):
    r"""Train a network: forward, loss, backward, clip, update, once for each batch.

    Parameters
    ----------
    network : Network
        Has `forward(params, x)` with the outputs in `.y` and `backward(params, run, dE_dy)` with the
        gradients in `.params`.
    params : nested tuples of arrays
        Where the training starts; left as they are.
    batches : callable or iterable
        `batches(step)` makes the batch of step 0, 1, ...; or the batches themselves, each used once.
    loss : callable
        `loss(y, d, mask) -> (E, dE_dy)`.
    optimizer : SGD, Momentum or Adam
        `Adam()` if not given.
    clip : float, optional
        Clip the gradient to this norm (see `clip_by_norm`).
    steps : int, optional
        Number of steps. Needed when `batches` is a callable; else all batches are used.
    progress : bool
        Show a progress bar, as text.
    watch : callable, optional
        `watch(E)` is called with the loss of each step: `plots.LiveCurve` draws it.

    Returns
    -------
    params : nested tuples of arrays
        The trained parameters.
    history : History

    Raises
    ------
    ValueError
        For no step at all, too few batches, or settings that make no sense.
    FloatingPointError
        When the loss or the gradient is no longer finite. The message names the step.
    """
    steps = _count(batches, steps)
    rows, start = [], time.perf_counter()
    with _bar(steps, progress) as bar:
        for reached in walk(network, params, _take(batches, steps), loss, optimizer, clip):
            params, E, norm = reached
            rows.append((E, norm, time.perf_counter() - start))
            if watch is not None:
                watch(E)
            bar.set_postfix_str(f"loss {E:.3g}", refresh=False)
            bar.update()
    _refuse_too_few(rows, steps)
    _finite(f"after step {len(rows) - 1} the length of the parameters", global_norm(params))
    return params, History(*np.array(rows).T)


def walk(network, params, batches, loss=squared_error, optimizer=None, clip=None):
    """Train step by step, as `fit` does, and stop after each until the next one is asked for.

    Parameters
    ----------
    network, params, loss, optimizer, clip : as `fit` takes them
    batches : iterable

    Yields
    ------
    params : nested tuples of arrays
        After the step.
    E, norm : float
        Loss and gradient norm of the step's batch, before its update.
    """
    optimizer, before = Adam() if optimizer is None else optimizer, ""
    state = optimizer.init(params)
    for step, batch in enumerate(batches):
        with np.errstate(over="ignore", invalid="ignore"):
            try:
                E, grads, norm = _gradient(network, params, batch, loss)
            except FloatingPointError as error:
                advice = "Try a smaller learning rate, or clip the gradient"
                raise FloatingPointError(f"at step {step}: {error}{before}. {advice}") from error
            except ValueError as error:
                raise ValueError(f"at step {step}: {error}{before}") from error
            grads = grads if clip is None else clip_by_norm(grads, clip)
            params, state = optimizer.update(params, grads, state)
        before = f" (a step earlier: loss {E:.3g}, gradient norm {norm:.3g})"
        yield params, E, norm


def _gradient(network, params, batch, loss):
    batch = Batch(*batch)
    run = network.forward(params, batch.x)
    E, dE_dy = loss(run.y, batch.d, batch.mask)
    _finite("the loss", E)
    grads = network.backward(params, run, dE_dy).params
    return float(E), grads, _finite("the gradient norm", global_norm(grads))


def _finite(name, value):
    if not math.isfinite(value):
        raise FloatingPointError(f"{name} is {value}; expected a finite number")
    return value


def _count(batches, steps):
    if steps is not None:
        return check_count("steps", steps)
    if callable(batches):
        raise ValueError("steps is None; expected a number of steps, because batches is a function")
    return len(batches) if hasattr(batches, "__len__") else None


def _take(batches, steps):
    if isinstance(batches, Batch):
        raise TypeError("batches is one Batch; expected several, such as [batch]")
    if callable(batches):
        return (batches(step) for step in range(steps))
    return islice(batches, steps)


def _refuse_too_few(rows, steps):
    if not rows:
        raise ValueError("batches has no batch; expected at least 1")
    if steps is not None and len(rows) < steps:
        raise ValueError(f"batches ended after {len(rows)}; expected steps = {steps}")


def _bar(steps, progress):
    # tqdm is imported here so that `import rnnlib` stays fast. Never tqdm.notebook: its bar is a
    # widget, and a reopened notebook would show "model not found" in its place.
    from tqdm import tqdm

    return tqdm(total=steps, disable=not progress, file=sys.stdout, desc="training", unit="step", ncols=80)
