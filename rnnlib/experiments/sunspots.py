"""Sunspots, years ahead: a recurrent net against persistence, the last cycle, and linear autoregression.

The yearly numbers from 1700 on. At the end of each year of the test period the years after it are predicted,
one to `H` steps ahead, from what was known then. Every `refit` years all models are fitted anew to everything
before (walk-forward evaluation), so no forecast has seen its own future. The error is the root of the mean
squared error, in sunspots, for each step ahead.

The net is a GRU that reads the square roots of the numbers, year by year, and at every year puts out the next
`H` of them. Steps, units, learning rate, noise, and the order of the autoregression were chosen on 1850 to
1920, of which no part is tested.
"""

from functools import lru_cache

import numpy as np

from rnnlib import data
from rnnlib.cells import GRU
from rnnlib.experiments._progress import bar
from rnnlib.experiments._scores import Score
from rnnlib.network import Network
from rnnlib.optim import Adam
from rnnlib.training import Batch, fit

__all__ = ["BASELINES", "SETTINGS", "baselines", "errors", "forecasts", "measure", "scores", "train"]

SETTINGS = {
    "first": 1921,
    "last": 2008,
    "H": 5,
    "refit": 22,
    "order": 9,
    "seeds": 5,
    "n_s": 8,
    "steps": 200,
    "lr": 0.01,
    "clip": 1.0,
    "B": 16,
    "T": 44,
    "warm_up": 10,
    "noise": 0.1,
}

BASELINES = ("persistence", "one cycle ago", "autoregression")
SCALE = 10.0
"""The square root of 100 sunspots."""


@lru_cache(1)
def _series():
    series = data.load_sunspots()
    return series.times.astype(int), series.values[:, 0]


def train(seed, progress=True, watch=None, until=SETTINGS["first"], **changes):
    """Train one net on all years before `until`.

    Returns
    -------
    forecast : callable
        `forecast(past)` predicts the `H` years after the numbers in `past`.
    history : History
    """
    settings = SETTINGS | changes
    years, values = _series()
    z = (np.sqrt(values[years < until]) / SCALE).astype(np.float32)
    network, rng = Network((GRU(),), bias_y=True), np.random.default_rng(seed)
    params = network.init(rng, 1, settings["n_s"], settings["H"], np.float32)
    params, history = fit(
        network,
        params,
        lambda step: _batch(rng, z, settings),
        optimizer=Adam(settings["lr"]),
        clip=settings["clip"],
        steps=settings["steps"],
        progress=progress,
        watch=watch,
    )

    def forecast(past):
        x = (np.sqrt(past[-settings["T"] :]) / SCALE).astype(np.float32)
        y = network.forward(params, x[:, None, None]).y[-1, 0]
        return (np.maximum(y, 0) * SCALE) ** 2.0

    return forecast, history


def _batch(rng, z, settings):
    """Pieces of the series; after a warm-up every year asks for the next ones."""
    T, B, H = settings["T"], settings["B"], settings["H"]
    now = rng.integers(0, len(z) - T - H + 1, B) + np.arange(T)[:, None]
    x = z[now] + rng.normal(0, settings["noise"], (T, B)).astype(np.float32)
    d = np.stack([z[now + h] for h in range(1, H + 1)], axis=-1)
    mask = np.broadcast_to(np.arange(T)[:, None] >= settings["warm_up"], (T, B))
    return Batch(x[..., None], d, mask)


def autoregression(values, order, H):
    """Fit x_{t+h} = c_0 + Σ c_k x_{t+1−k} by least squares, for each h by itself; return the forecast."""
    coefficients = []
    for h in range(1, H + 1):
        ends = range(order, len(values) - h + 1)
        rows = np.array([[1, *values[end - order : end][::-1]] for end in ends])
        coefficients.append(np.linalg.lstsq(rows, values[order + h - 1 :], rcond=None)[0])
    return lambda past: np.array(coefficients) @ np.array([1, *past[-order:][::-1]])


def forecasts(fitted, settings):
    """Predict from every year of the test period; `fitted(until)` is a model fitted to the years before.

    Returns
    -------
    predicted, actual : (years, H)
        Not a number where the series ends.
    """
    years, values = _series()
    H, origins = settings["H"], range(settings["first"], settings["last"] + 1)
    predicted, actual = np.full((2, len(origins), H), np.nan)
    for row, origin in enumerate(origins):
        if row % settings["refit"] == 0:
            model = fitted(origin)
        known = int(np.searchsorted(years, origin))
        count = min(H, len(values) - known)
        predicted[row, :count] = model(values[:known])[:count]
        actual[row, :count] = values[known : known + count]
    return predicted, actual


def errors(predicted, actual):
    """Root of the mean squared error for each step ahead: (H,)."""
    return np.sqrt(np.nanmean((predicted - actual) ** 2, axis=0))


def baselines(**changes):
    """Return the errors of `BASELINES`: (3, H)."""
    settings = SETTINGS | changes
    years, values = _series()
    H, order = settings["H"], settings["order"]
    models = (
        lambda until: lambda past: np.repeat(past[-1], H),
        lambda until: lambda past: past[-11 : len(past) - 11 + H],
        lambda until: autoregression(values[years < until], order, H),
    )
    return np.array([errors(*forecasts(model, settings)) for model in models])


def measure(progress=True, **settings):
    """Return the forecasts of every seed, the errors of the nets and of the baselines."""
    seeds, fits = settings["seeds"], -(-(settings["last"] - settings["first"] + 1) // settings["refit"])
    found = []
    with bar("sunspots", "fit", progress, total=seeds * fits) as done:
        for seed in range(seeds):

            def fitted(until, seed=seed):
                done.update()
                return train(seed, progress=False, until=until, **settings)[0]

            found.append(forecasts(fitted, settings))
    predicted = np.array([one for one, _ in found], dtype=np.float32)
    error = np.array([errors(*pair) for pair in found])
    return {"predicted": predicted, "actual": found[0][1], "error": error, "baselines": baselines(**settings)}


def scores(results=None):
    """Return rows of the table: the error one and five years ahead."""
    arrays, settings = data.load_results("sunspots") if results is None else results
    rows = []
    for h in (1, settings["H"]):
        measured = f"error {h} year{'s' * (h > 1)} ahead, lower is better"
        rows.append(
            Score("time series", f"GRU, {settings['n_s']} units", measured, arrays["error"][:, h - 1])
        )
        for name, error in zip(BASELINES, arrays["baselines"], strict=True):
            name = f"autoregression, {settings['order']} years" if name == "autoregression" else name
            rows.append(Score("time series", name, measured, error[h - 1 : h], "baseline"))
    return tuple(rows)
