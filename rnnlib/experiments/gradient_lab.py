"""The table behind lesson 6's gradient lab: how a gradient fares in 16 units, at every setting of the lab.

The net is at rest but for a state s_0 that is not zero and a random input of the scale that is set; W_s is
drawn once for each kind and seed, and then scaled to the spectral radius ρ. `look` measures one setting by
rnnlib's engine, `measure` all of them.
"""

import itertools
from typing import NamedTuple

import numpy as np

from rnnlib import activations, gradients, weights
from rnnlib.cells import RNN, RNNParams
from rnnlib.experiments import _curves
from rnnlib.experiments._curves import POINTS, places
from rnnlib.experiments._progress import bar
from rnnlib.optim import global_norm

__all__ = ["GRIDS", "POINTS", "SETTINGS", "Look", "entries", "filled", "look", "measure", "places", "stored"]

SETTINGS = {"n_s": 16, "s_0_scale": 0.1, "step": 0.04}
"""Units; standard deviation of s_0; the stored powers of ten are whole multiples of `step`."""

GRIDS = {
    "rho": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05)
    + (1.1, 1.2, 1.3, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0),
    "phi": ("tanh", "sigmoid", "relu", "identity"),
    "scale": (0.01, 0.05, 0.2, 1.0),
    "N": (12, 40, 100),
    "kind": weights.KINDS,
    "seed": (1, 2),
}
NUMBERS = ("bound", "total", "ten")
CURVES = ("states", "weights", "largest", "median", "smallest")
NOTHING = -30000  # multiples of `step`, a power of ten below all others: stands for an exact zero


class Look(NamedTuple):
    """One setting, as powers of ten; what belongs to a step stands at `places(N)`.

    states : (P,)       log10 ‖∂E_N/∂s_i‖, where ‖∂E_N/∂s_N‖ = 1
    weights : (P,)      log10 of what step i adds to ∂E_N/∂W_s; step 0 adds nothing and shows what step 1 adds
    largest, median, smallest : (P,)    log10 of singular values of ∂s_N/∂s_i
    bound : float       log10 γ λ₁, the bound's growth a step
    total : float       log10 ‖∂E_N/∂W_s‖
    ten : float         log10 ‖∂E_N/∂s_i‖, ten steps before N (at s_0 where N is smaller)
    """

    states: np.ndarray
    weights: np.ndarray
    largest: np.ndarray
    median: np.ndarray
    smallest: np.ndarray
    bound: float
    total: float
    ten: float


def entries(seed, kind, n_s=SETTINGS["n_s"]):
    """Draw what does not depend on the scales: W_s of spectral radius 1, W_x, s_0 and the inputs x."""
    rng = np.random.default_rng(seed)
    W_s = weights.recurrent(rng, n_s, kind, radius=1)
    N = max(GRIDS["N"])
    return W_s, rng.standard_normal((1, n_s)), rng.standard_normal((1, n_s)), rng.standard_normal((N, 1, 1))


def look(rho, phi, scale, N, kind, seed, W_s=None):
    """Measure one setting.

    Parameters
    ----------
    rho : float
        Spectral radius of W_s, or the factor of a `W_s` that is given.
    phi : str
        Name of the activation.
    scale : float
        Standard deviation of the inputs, through a W_x of standard deviation 1.
    N : int
        Number of steps.
    kind, seed : str, int
        Of W_s; the seed also draws W_x, s_0 and x.
    W_s : (n_s, n_s) array, optional
        Weights of one's own instead of those of the kind.

    Returns
    -------
    Look
    """
    drawn = entries(seed, kind) if W_s is None else entries(seed, "random", len(W_s))
    unit, (W_x, s_0, x) = (drawn[0] if W_s is None else W_s), drawn[1:]
    cell = RNN(activations.by_name(phi))
    params = RNNParams(W_x, rho * unit, np.zeros(len(unit)))
    run = cell.forward(params, scale * x[len(x) - N :], SETTINGS["s_0_scale"] * s_0)
    reach = gradients.reach(cell, params, run)
    values = gradients.singular_values(gradients.jacobians(cell, params, run))[:, 0]
    added = np.r_[reach.weights[:1], reach.weights]
    n = len(unit)
    curves = (reach.states, added, values[:, 0], values[:, n // 2], values[:, -1])
    numbers = (gradients.bound(cell, params, 1)[0], _total(cell, params, run), reach.states[max(0, N - 10)])
    return Look(*(curve[places(N)] for curve in curves), *numbers)


def _total(cell, params, run):
    """Length of ∂E_N/∂W_s, as a power of ten."""
    n = run.s.shape[-1]
    grads = cell.backward(params, run, dE_dlast=np.full((1, n), 1 / np.sqrt(n)))
    with np.errstate(divide="ignore"):
        return np.log10(global_norm(grads.params.W_s))


def measure(progress=True, **settings):
    """Measure every setting.

    Returns
    -------
    dict of arrays
        Curves (settings, 21) of int16: steps from entry to entry in whole multiples of `step`, from N back
        to 0, which pack small. `bound`, `total` and `ten` (settings,) of float32. The settings are in the
        order of `itertools.product` over `GRIDS`.
    """
    step = (SETTINGS | settings)["step"]
    every = list(itertools.product(*GRIDS.values()))
    steps = bar("gradient_lab", "setting", progress, over=every)
    looks = [look(**dict(zip(GRIDS, at, strict=True))) for at in steps]
    curves = _curves.table(looks, CURVES, step, NOTHING * step)
    numbers = {name: np.float32([getattr(seen, name) for seen in looks]) for name in NUMBERS}
    return curves | numbers


def stored(**columns):
    """Look settings up in the stored table: a dict of columns, named like the fields of `Look`.

    Parameters
    ----------
    **columns : (settings,) arrays
        One for each entry of `GRIDS`; other names are ignored.

    Returns
    -------
    dict of arrays
        Curves (settings, 21), those of few steps with their last entry repeated, numbers (settings,).
    """
    at = _curves.entries(GRIDS, columns)
    return {name: column[at] for name, column in _curves.stored("gradient_lab", CURVES, NUMBERS).items()}


def filled(curve):
    """Return a curve of powers of ten with `POINTS` entries; an exact zero is a power below all others."""
    return _curves.filled(curve, NOTHING * SETTINGS["step"])
