"""Window against memory: who can repeat an input that is k steps old?

Two nets get the same number of units, the same training steps and the same optimizer:

- the *window net*, feedforward, sees the last w steps (lags 0 to w − 1) and nothing before;
- the *simple RNN* sees one step, and its own state.

The error is that of new sequences, as a part of what guessing zero costs: 0 is perfect, 1 is no
better than a guess. The RNN's W_s starts with small random numbers, uniform in ±1/√n_s, as PyTorch's
`nn.RNN` does and much as in Elman's time. Two more rows show what its decline with k is not: a lack
of room. The same net does better when it is trained ten times as long, and when W_s starts orthogonal.
"""

from typing import NamedTuple

import numpy as np

from rnnlib import tasks
from rnnlib.cells import RNN, Feedforward
from rnnlib.experiments._progress import bar
from rnnlib.network import Network
from rnnlib.optim import Adam
from rnnlib.training import History, fit

__all__ = ["SETTINGS", "Trained", "measure", "outputs", "relative_error", "rnn", "window_net"]

SETTINGS = {
    "delays": 13,  # k = 0 ... 12
    "windows": 12,  # w = 1 ... 12
    "window_seeds": 3,
    "rnn_seeds": 5,
    "n_s": 16,
    "T": 40,
    "B": 32,
    "steps": 250,
    "long_steps": 2500,
    "lr": 0.002,
    "clip": 1.0,
    "test_seed": 1000,
    "test_T": 60,
    "test_B": 200,
    "snippet": 40,
}


class Trained(NamedTuple):
    """A trained net, and the window it looks through (None for the RNN, which needs none)."""

    network: Network
    params: tuple
    history: History
    w: int | None


def window_net(k, w, seed=0, progress=False, **changes):
    """Train the window net on echoes of delay k. Changes are to `SETTINGS`. Returns Trained."""
    settings = SETTINGS | changes
    rng, network = np.random.default_rng(seed), Network((Feedforward(),))
    params = network.init(rng, w, settings["n_s"], 1)
    return _train(rng, network, params, k, w, progress, settings)


def rnn(k, seed=0, start="small", progress=False, **changes):
    """Train the simple RNN on echoes of delay k; W_s starts "small" or "orthogonal". Returns Trained."""
    if start not in ("small", "orthogonal"):
        raise ValueError(f'start is {start!r}; expected "small" or "orthogonal"')
    settings = SETTINGS | changes
    rng, network, n_s = np.random.default_rng(seed), Network((RNN(),)), settings["n_s"]
    params = network.init(rng, 1, n_s, 1)
    if start == "small":
        W_s = rng.uniform(-1, 1, (n_s, n_s)) / np.sqrt(n_s)
        params = params._replace(cells=(params.cells[0]._replace(W_s=W_s),))
    return _train(rng, network, params, k, None, progress, settings)


def _train(rng, network, params, k, w, progress, settings):
    def batch(step):
        x, d, mask = tasks.echo(rng, settings["T"], settings["B"], k)
        return _seen(x, w), d, mask

    options = {"steps": settings["steps"], "clip": settings["clip"], "progress": progress}
    params, history = fit(network, params, batch, optimizer=Adam(settings["lr"]), **options)
    return Trained(network, params, history, w)


def _seen(x, w):
    return x if w is None else tasks.windows(x, w)


def outputs(trained, x):
    """What a trained net answers to x (T, B, 1): y of the same shape."""
    return trained.network.forward(trained.params, _seen(x, trained.w)).y


def relative_error(y, batch):
    """Mean square error where a target exists, divided by that of guessing zero."""
    return float(np.sum((y - batch.d)[batch.mask] ** 2) / np.sum(batch.d[batch.mask] ** 2))


def measure(progress=True, **settings):
    """Train every net of the comparison.

    Returns
    -------
    dict of arrays
        `k` (delays,), `w` (windows,); errors `window_error` (window_seeds, delays, windows), and
        `rnn_error`, `rnn_long_error`, `rnn_orthogonal_error` (rnn_seeds, delays); a piece of one test
        sequence, `x` (snippet,) and `d` (delays, snippet), with the outputs of the median run,
        `window_y` (delays, windows, snippet) and `rnn_y` (delays, snippet).
    """
    settings = SETTINGS | settings
    k, w = np.arange(settings["delays"]), np.arange(1, settings["windows"] + 1)
    tests = [_test_batch(delay, settings) for delay in k]
    with _bar(settings, progress) as nets:
        judge = _Judge(tests, settings, nets)
        window = [[judge(window_net, delay, w=width) for width in w] for delay in k]
        plain, longer, orthogonal = (
            [judge(rnn, delay, **options) for delay in k]
            for options in ({}, {"steps": settings["long_steps"]}, {"start": "orthogonal"})
        )
    arrays = {
        "window_error": np.moveaxis([[error for error, _ in row] for row in window], -1, 0),
        "rnn_error": np.transpose([error for error, _ in plain]),
        "rnn_long_error": np.transpose([error for error, _ in longer]),
        "rnn_orthogonal_error": np.transpose([error for error, _ in orthogonal]),
        "x": _snippet(tests[0].x, settings),
        "d": np.array([_snippet(test.d, settings) for test in tests]),
        "window_y": np.array([[y for _, y in row] for row in window]),
        "rnn_y": np.array([y for _, y in plain]),
    }
    return {"k": k, "w": w} | {key: value.astype(np.float32) for key, value in arrays.items()}


class _Judge:
    """Train one net per seed; return all errors, and the piece of output of the median one."""

    def __init__(self, tests, settings, bar):
        self.tests, self.settings, self.bar = tests, settings, bar

    def __call__(self, train, k, **options):
        errors, pieces = [], []
        seeds = self.settings["window_seeds" if train is window_net else "rnn_seeds"]
        for seed in range(seeds):
            y = outputs(train(int(k), seed=seed, **(self.settings | options)), self.tests[k].x)
            errors.append(relative_error(y, self.tests[k]))
            pieces.append(_snippet(y, self.settings))
            self.bar.update()
        return errors, pieces[np.argsort(errors)[(seeds - 1) // 2]]


def _test_batch(k, settings):
    rng = np.random.default_rng(settings["test_seed"])
    return tasks.echo(rng, settings["test_T"], settings["test_B"], int(k))


def _snippet(array, settings):
    return array[-settings["snippet"] :, 0, 0]


def _bar(settings, progress):
    nets = settings["delays"] * (settings["windows"] * settings["window_seeds"] + 3 * settings["rnn_seeds"])
    return bar("echo", "net", progress, total=nets)
