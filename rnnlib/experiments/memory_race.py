"""The table behind lesson 8's memory race: what is left of a gradient in an RNN, an LSTM and a GRU.

All three have 16 units, start from zero and see the same inputs. Every recurrent matrix, W_s in the RNN and
one each for N and the gates in the others, has the spectral radius `gain`; all biases are zero but one. That
one, b, is what a cell keeps by: b_f of the LSTM's forget gate, and b_z of the GRU's update gate in the
convention where z = 1 keeps. So at rest both keep σ(b) a step. An RNN has no such number.

The gradient enters at step N in what a cell remembers by, s_N or LTM_N, with length 1. An error at the output
of the LSTM enters LTM_N through the use gate, and every value would have one more factor, V_N times tanh′. It
is left out: then the whole derivative and its direct path, Π f_t, begin at the same place.

`look` measures one setting by rnnlib's engine, `measure` all of them.
"""

import itertools
from typing import NamedTuple

import numpy as np

from rnnlib import gradients, weights
from rnnlib.cells import GRU, LSTM, RNN, GRUParams, LSTMParams, LSTMState, RNNParams
from rnnlib.experiments import _curves
from rnnlib.experiments._curves import places
from rnnlib.experiments._progress import bar

__all__ = ["GRIDS", "SETTINGS", "Look", "cells", "inputs", "look", "measure", "places", "stored"]

SETTINGS = {"n_s": 16, "step": 0.01}
"""Units; the stored powers of ten are whole multiples of `step`."""

GRIDS = {
    "b": (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0),
    "gain": (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0),
    "scale": (0.0, 0.3, 1.0, 3.0),
    "N": (20, 40, 100),
    "seed": (1, 2, 3),
}
NOTHING = -30000  # multiples of `step`, a power of ten below all others: stands for an exact zero
TEN = 10
"""The number of steps that the words speak of."""


class Look(NamedTuple):
    """One setting, as powers of ten; all curves are 1 at step N and stand at `places(N)`.

    RNN, LSTM, GRU : (P,)    log10 ‖∂E_N/∂s_i‖; of LTM and STM together in the LSTM
    f, z : (P,)              log10 of the direct path alone: Π f_t along LTM, Π z_t along the GRU's s, from
        i+1 to N; over the units the root of the mean square, as a norm has it
    ten : (5,)               the five of them, ten steps before N (at s_0 where N is smaller)
    end : (5,)               the five of them at s_0
    """

    RNN: np.ndarray
    LSTM: np.ndarray
    GRU: np.ndarray
    f: np.ndarray
    z: np.ndarray
    ten: np.ndarray
    end: np.ndarray


CURVES, NUMBERS = Look._fields[:5], Look._fields[5:]


def cells(b, gain, seed):
    """Draw the three cells: name -> (cell, parameters). Only the seed decides what is drawn."""
    rng, n = np.random.default_rng(seed), SETTINGS["n_s"]
    W_s = [gain * weights.recurrent(rng, n, radius=1) for _ in range(8)]
    W_x = rng.standard_normal((8, 1, n))
    RNN_W, *gates = (np.concatenate(pair) for pair in zip(W_s, W_x, strict=True))
    zero, keep = np.zeros(n), np.full(n, float(b))
    return {
        "RNN": (RNN(), RNNParams(RNN_W[n:], RNN_W[:n], zero)),
        "LSTM": (LSTM(), LSTMParams(*gates[:4], zero, zero, keep, zero)),
        "GRU": (GRU(update="keep"), GRUParams(*gates[4:], keep, zero, zero)),
    }


def inputs(scale, N, seed):
    """Draw x (N, 1, 1): the last N of the same numbers, times the scale, whatever N and scale are."""
    x = np.random.default_rng((seed, 1)).standard_normal((max(GRIDS["N"]), 1, 1))
    return scale * x[len(x) - N :]


def look(b, gain, scale, N, seed):
    """Measure one setting.

    Parameters
    ----------
    b : float
        Bias of the LSTM's forget gate and of the GRU's update gate.
    gain : float
        Spectral radius of every recurrent matrix.
    scale : float
        Standard deviation of the inputs, through a W_x of standard deviation 1.
    N : int
        Number of steps.
    seed : int
        Of the weights and the inputs.

    Returns
    -------
    Look
    """
    x, whole = inputs(scale, N, seed), {}
    for name, (cell, params) in cells(b, gain, seed).items():
        run = cell.forward(params, x)
        whole[name] = _whole(cell, params, run)
        if name != "RNN":
            factors = run.f if name == "LSTM" else run.z
            whole["f" if name == "LSTM" else "z"] = _direct(factors[:, 0])
    curves = [whole[name] for name in CURVES]
    ten, end = (np.array([curve[i] for curve in curves]) for i in (max(0, N - TEN), 0))
    return Look(*(curve[places(N)] for curve in curves), ten, end)


def _whole(cell, params, run):
    """Return log10 ‖∂E_N/∂s_i‖, i = 0..N."""
    n = run.output.shape[-1]
    enters = np.full((1, n), 1 / np.sqrt(n))
    last = LSTMState(LTM=enters, STM=np.zeros((1, n))) if isinstance(cell, LSTM) else enters
    with np.errstate(divide="ignore"):
        return np.log10(gradients.by_lag(cell, params, run, last))


def _direct(factors):
    """Return log10 of the length of the products of factors (N, n) from i+1 to N, i = 0..N."""
    logs = np.vstack([np.zeros(factors.shape[1]), np.cumsum(np.log10(factors[::-1]), axis=0)])[::-1]
    largest = logs.max(axis=1, keepdims=True)  # taken out first: squares vanish long before the products do
    return largest[:, 0] + np.log10(np.mean(100 ** (logs - largest), axis=1)) / 2


def measure(progress=True, **settings):
    """Measure every setting.

    Returns
    -------
    dict of arrays
        The curves (settings, 21) of int16: steps from entry to entry in whole multiples of `step`, from N
        back to 0, which pack small. `ten` and `end` (settings, 5) of float32. The settings are in the order
        of `itertools.product` over `GRIDS`.
    """
    step = (SETTINGS | settings)["step"]
    every = list(itertools.product(*GRIDS.values()))
    steps = bar("memory_race", "setting", progress, over=every)
    looks = [look(**dict(zip(GRIDS, at, strict=True))) for at in steps]
    numbers = {name: np.float32([getattr(seen, name) for seen in looks]) for name in NUMBERS}
    return _curves.table(looks, CURVES, step, NOTHING * step) | numbers


def stored(**columns):
    """Look settings up in the stored table: a dict of columns, named like the fields of `Look`.

    Parameters
    ----------
    **columns : (settings,) arrays
        One for each entry of `GRIDS`.

    Returns
    -------
    dict of arrays
        Curves (settings, 21), `ten` and `end` (settings, 5).
    """
    at = _curves.entries(GRIDS, columns)
    return {name: column[at] for name, column in _curves.stored("memory_race", CURVES, NUMBERS).items()}
