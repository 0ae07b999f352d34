"""How long a lag does a simple RNN learn to bridge, and what is left of the gradient at that lag?

One number, one or minus one, is shown first, noise follows, and the number is asked for `lag` steps later
(`tasks.latch`, `tasks.two_sequence`). Each net sees new sequences at every training step. It counts as done
when it has classified a streak of batches without a mistake before learning from them, a criterion like
"none of 256 sequences is misclassified" of Hochreiter and Schmidhuber (1997), experiment 3; it is solved
when 99 % of a test set are right as well.

The variants change one thing each: the activation, the start of W_s, the optimizer, the learning rate, the
clipping, the number of steps. W_s starts orthogonal, or with random numbers that are uniform in ±1/√n_s
("small", PyTorch's interval) or in ±0.1 ("tiny", the interval of that experiment).

Two controls ask how much of a success is learning. "Coin flips" trains with random targets, from which
nothing can be learned: what such a net can do it has found by wandering about. And guessing trains nothing:
random weights are drawn until some happen to hold the bit (the same paper's remark on task 3a; Schmidhuber,
Hochreiter and Bengio (2001), "Evaluating benchmark problems by random guessing").
"""

from typing import NamedTuple

import numpy as np

from rnnlib import gradients, tasks
from rnnlib.activations import by_name
from rnnlib.cells import RNN, RNNParams
from rnnlib.experiments._progress import bar
from rnnlib.experiments._training import UntilDone, chosen, started
from rnnlib.losses import squared_error
from rnnlib.network import Network, NetworkParams
from rnnlib.optim import SGD, Adam
from rnnlib.training import History, fit

__all__ = ["SETTINGS", "SOLVED", "Outcome", "Trained", "guess", "judge", "measure", "sweep", "train"]

SOLVED = 0.99
"""The part of a test set that a net has to classify right."""

SETTINGS = {
    "lags": [2, 4, 6, 8, 10, 12, 15, 20, 30],
    "far_lags": [40, 60, 100],
    "seeds": 10,
    "variants": {  # what each changes of the settings below
        "sigmoid, small": {"phi": "sigmoid"},
        "sigmoid, orthogonal": {"phi": "sigmoid", "start": "orthogonal"},
        "tanh, tiny": {"start": "tiny"},
        "tanh, small": {},
        "tanh, orthogonal": {"start": "orthogonal"},
        "SGD": {"optimizer": "SGD", "lr": 0.1},
        "no clipping": {"clip": None},
        "4 x rate": {"lr": 0.02},
        "4 x rate, coin flips": {"lr": 0.02, "coin": True},
        "5 x steps": {"steps": 5000},
    },
    "two_sequence": [
        "sigmoid, small",
        "sigmoid, orthogonal",
        "tanh, tiny",
        "tanh, small",
        "tanh, orthogonal",
    ],
    "far": ["tanh, orthogonal", "4 x rate", "4 x rate, coin flips"],
    "phi": "tanh",
    "start": "small",
    "optimizer": "Adam",
    "lr": 0.005,
    "clip": 1.0,
    "coin": False,
    "steps": 1000,
    "n_s": 16,
    "B": 32,
    "streak": 16,
    "test_seed": 1000,
    "test_B": 1000,
    "guess_n_s": [1, 16],
    "guess_range": 100.0,
    "guess_trials": 1000,
}


class Trained(NamedTuple):
    """A net, its parameters before and after training, and how the training went."""

    network: Network
    start: NetworkParams
    params: NetworkParams
    history: History


class Outcome(NamedTuple):
    """How one training ended, or arrays for many.

    right : part of the test set that is classified right, by sign
    steps : training steps taken; all that were allowed unless it was done before
    before, after : ‖∂E_N/∂s_i‖ at the last step i that matters, lag steps before N, as a part of ‖∂E_N/∂s_N‖:
        what is left of the gradient at the lag of the task, before and after training
    """

    right: np.ndarray
    steps: np.ndarray
    before: np.ndarray
    after: np.ndarray

    @property
    def solved(self):
        """Whether 99 % of the test set are right."""
        return self.right >= SOLVED

    @property
    def held(self):
        """Whether 99 % are right or 99 % are wrong: the net answers by the first input."""
        return np.maximum(self.right, 1 - self.right) >= SOLVED


def train(lag, seed=0, task="latch", progress=False, watch=None, **changes):
    """Train one net until it is done, or its steps are used up.

    Parameters
    ----------
    lag : int
    seed : int
    task : "latch" or "two_sequence"
    progress, watch : as `fit` takes them
    **changes
        To `SETTINGS`: phi, start, optimizer, lr, clip, coin, steps, n_s, B, streak.

    Returns
    -------
    Trained
    """
    settings = SETTINGS | changes
    rng, network = np.random.default_rng(seed), Network((RNN(by_name(settings["phi"])),), bias_y=True)
    start = network.init(rng, 1, settings["n_s"], 1)
    cell = start.cells[0]._replace(W_s=started(rng, start.cells[0].W_s, settings["start"]))
    start = start._replace(cells=(cell,))
    batches = UntilDone(
        draw=lambda: _draw(rng, task, lag, settings["B"], settings["coin"]),
        loss=squared_error,
        right=lambda y, batch: _right(y, batch.d) == 1,
        steps=settings["steps"],
        streak=settings["streak"],
    )
    optimizer = chosen("optimizer", settings["optimizer"], {"Adam": Adam, "SGD": SGD})(settings["lr"])
    options = {"optimizer": optimizer, "clip": settings["clip"], "progress": progress, "watch": watch}
    return Trained(network, start, *fit(network, start, batches, loss=batches.loss, **options))


def _draw(rng, task, lag, B, coin=False):
    make = chosen("task", task, {"latch": tasks.latch, "two_sequence": tasks.two_sequence})
    batch = make(rng, int(lag), B)
    return batch._replace(d=batch.d * rng.choice([-1.0, 1.0], (B, 1))) if coin else batch


def _right(y, d):
    return float(np.mean(np.sign(y[-1]) == d[-1]))


def judge(trained, lag, task="latch", **changes):
    """Test a trained net with new sequences, and follow the gradient back to the lag. Returns Outcome."""
    test = _test_batch(lag, task, SETTINGS | changes)
    network, start, params, history = trained
    left = []
    for parameters in (start, params):
        run = network.forward(parameters, test.x)
        left.append(gradients.by_lag(network.cells[0], parameters.cells[0], run.runs[0])[-1 - lag])
    return Outcome(_right(run.y, test.d), len(history.loss), *left)


def _test_batch(lag, task, settings):
    return _draw(np.random.default_rng(settings["test_seed"]), task, lag, settings["test_B"])


def guess(lag, seed=0, task="latch", **changes):
    """Draw all weights of a tanh net uniformly, again and again, until one net makes no mistake.

    A net is done with as many batches as `train` asks for, and given up at the first mistake.

    Returns
    -------
    right : float
        Part of the test set that the last net classifies right.
    trials : int
        Nets drawn; all that were allowed unless one was done before.
    """
    settings = SETTINGS | changes
    rng, network = np.random.default_rng(seed), Network((RNN(),), bias_y=True)

    def right(params, batch):
        return _right(network.forward(params, batch.x).y, batch.d)

    trials, done = 0, False
    while not done and trials < settings["guess_trials"]:
        trials, params = trials + 1, _drawn(rng, settings["n_s"], settings["guess_range"])
        batches = (_draw(rng, task, lag, settings["B"]) for _ in range(settings["streak"]))
        done = all(right(params, batch) == 1 for batch in batches)
    return right(params, _test_batch(lag, task, settings)), trials


def _drawn(rng, n_s, reach):
    W_x, W_s, b_s, W_y, b_y = (rng.uniform(-reach, reach, n) for n in (n_s, (n_s, n_s), n_s, (n_s, 1), 1))
    return NetworkParams((RNNParams(W_x[None], W_s, b_s),), W_y, b_y)


def sweep(variants, lags, task="latch", progress=True, watch=None, **changes):
    """Train and judge every variant at every lag, with as many seeds as the settings say.

    The live version for a lesson is `sweep(["tanh, small"], [4, 15, 30], seeds=1, watch=curve)`.

    Parameters
    ----------
    variants : list of str
        Names in `SETTINGS["variants"]`. What a variant changes goes before `changes`.
    lags : list of int
    task, watch : as `train` takes them
    progress : bool
        Show a progress bar that counts the nets.
    **changes
        To `SETTINGS`.

    Returns
    -------
    Outcome
        Of arrays (variants, lags, seeds).
    """
    settings = SETTINGS | changes
    with bar("lags", "net", progress, total=len(variants) * len(lags) * settings["seeds"]) as nets:
        return _sweep(variants, lags, task, settings, nets, watch)


def _sweep(variants, lags, task, settings, nets, watch=None):
    unknown = set(variants) - set(settings["variants"])
    if unknown:
        raise ValueError(f"no variant {sorted(unknown)}; expected some of {'; '.join(settings['variants'])}")
    outcomes = np.empty((len(variants), len(lags), settings["seeds"], len(Outcome._fields)))
    for i, j, seed in np.ndindex(outcomes.shape[:3]):
        own = settings | settings["variants"][variants[i]]
        trained = train(lags[j], seed, task, watch=watch, **own)
        outcomes[i, j, seed] = judge(trained, lags[j], task, **own)
        nets.update()
    return Outcome(*np.moveaxis(outcomes, -1, 0))


def measure(progress=True, **settings):
    """Sweep all variants over the lags, the starts over the second task, two variants further; guess.

    Returns
    -------
    dict of arrays
        `latch_right`, `latch_steps`, `latch_before`, `latch_after` (variants, lags, seeds), the fields of
        `Outcome`; the same for `two_sequence` (of the variants that the setting of that name lists) and for
        `far` (latch with the longer lags); `guess_right`, `guess_trials` (sizes, all lags, seeds).
    """
    settings = SETTINGS | settings
    lags, far = settings["lags"], settings["far_lags"]
    plan = {
        "latch": (list(settings["variants"]), lags, "latch"),
        "two_sequence": (settings["two_sequence"], lags, "two_sequence"),
        "far": (settings["far"], far, "latch"),
    }
    cells = sum(len(names) * len(some) for names, some, _ in plan.values())
    cells += len(settings["guess_n_s"]) * len(lags + far)
    arrays = {}
    with bar("lags", "net", progress, total=cells * settings["seeds"]) as nets:
        for part, (names, some, task) in plan.items():
            outcome = _sweep(names, some, task, settings, nets)
            arrays |= {f"{part}_{field}": array for field, array in outcome._asdict().items()}
        arrays["guess_right"], arrays["guess_trials"] = _guesses(lags + far, settings, nets)
    return arrays


def _guesses(lags, settings, nets):
    sizes = settings["guess_n_s"]
    found = np.empty((len(sizes), len(lags), settings["seeds"], 2))
    for i, j, seed in np.ndindex(found.shape[:3]):
        found[i, j, seed] = guess(lags[j], seed, **(settings | {"n_s": sizes[i]}))
        nets.update()
    return np.moveaxis(found, -1, 0)
