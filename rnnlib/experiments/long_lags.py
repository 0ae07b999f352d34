"""Which cell learns to bridge how long a lag? Seven experiments:

    python -m rnnlib.experiments long_lags latch

Every cell is trained on every problem, once for each seed, by one recipe: Adam, clipping by norm, new
sequences in every batch, until a streak of batches is answered without a mistake (see `race`). All cells have
about as many weights: 32 units in an RNN, 18 in a GRU, 16 in an LSTM. What fails is kept and counts.

    latch, two_sequence    one bit, held over noise: RNN, LSTM and GRU, and random weights that nobody trained
    embedded_reber         a grammar whose strings end as they began
    adding                 two of T numbers, added
    temporal_order         which of two symbols came first
    tried                  what else was tried on the last two
    gates_off              an LSTM with one gate held open, or with no activation of the output

The starts differ in one number, how much a cell keeps at first: b_f is the bias of the LSTM's forget gate,
b_z that of the GRU's update gate. "No forget gate" is the cell of 1997, which keeps everything. What else the
papers did is here as well. For the simple RNN: another start, another learning rate, no clipping, and
rectified units that start from the identity (Le, Jaitly and Hinton (2015), "A simple way to initialize
recurrent networks of rectified linear units"). For the LSTM: input gates that start almost closed, by their
bias b_i, so that no noise gathers in the memory (Hochreiter and Schmidhuber (1997), section 5.4).
"""

import time
from typing import NamedTuple

import numpy as np

from rnnlib.experiments import lags, race
from rnnlib.experiments._progress import bar
from rnnlib.experiments._training import chosen

__all__ = ["LIVE", "PARTS", "SETTINGS", "Live", "live", "measure"]

SETTINGS = race.SETTINGS | {
    "seeds": 5,
    "points": 40,  # of a stored learning curve, at most
    "guess_n_s": [],
    "guess_trials": 1000,
    "cells": {},  # name -> what is changed of the settings above
    "problems": [],  # task, length, and what is changed of the settings above
}

CELLS = {
    "RNN": {"cell": "RNN", "n_s": 32},
    "RNN, small start": {"cell": "RNN", "n_s": 32, "start": "small"},
    "RNN, ReLU": {"cell": "RNN", "n_s": 32, "start": "identity", "choices": {"phi": "relu"}, "lr": 0.001},
    "LSTM, b_f = 0": {"choices": {"forget_bias": 0.0}},
    "LSTM, b_f = 1": {"choices": {"forget_bias": 1.0}},
    "LSTM, b_f = 5": {"choices": {"forget_bias": 5.0}},
    "LSTM, no forget gate": {"choices": {"hold": {"f": 1.0}}},
    "GRU": {"cell": "GRU", "n_s": 18},
    "GRU, b_z = 5": {"cell": "GRU", "n_s": 18, "fill": {"b_z": 5.0}},
}

TRIED = {
    "RNN, 0.1 x rate": {"cell": "RNN", "n_s": 32, "lr": 0.001},
    "RNN, no clipping": {"cell": "RNN", "n_s": 32, "clip": None},
    "LSTM, b_f = 1, 0.3 x rate": {"choices": {"forget_bias": 1.0}, "lr": 0.003},
    "LSTM, b_f = 5, b_i = -3": {"choices": {"forget_bias": 5.0}, "fill": {"b_i": -3.0}},
    "LSTM of 1997, b_i = -3": {"choices": {"hold": {"f": 1.0}}, "fill": {"b_i": -3.0}},
}

GATES = {
    "all gates": {"choices": {"forget_bias": 5.0}},
    "no ignore gate": {"choices": {"forget_bias": 5.0, "hold": {"i": 1.0}}},
    "no forget gate": {"choices": {"forget_bias": 5.0, "hold": {"f": 1.0}}},
    "no use filter": {"choices": {"forget_bias": 5.0, "hold": {"V": 1.0}}},
    "no output activation": {"choices": {"forget_bias": 5.0, "phi": "identity"}},
}


def _problems(task, *lengths, **changes):
    return [{"task": task, "length": length} | changes for length in lengths]


LAGS = (2, 5, 10, 20, 30, 60, 100)

PARTS = {
    "latch": {"cells": CELLS, "problems": _problems("latch", *LAGS), "guess_n_s": [1, 16]},
    "two_sequence": {"cells": CELLS, "problems": _problems("two_sequence", *LAGS), "guess_n_s": [1, 16]},
    "embedded_reber": {
        "cells": {"RNN, Elman": {"cell": "Elman", "n_s": 32}} | CELLS,
        "problems": _problems("embedded_reber", 1, steps=3000),
    },
    "adding": {
        "cells": CELLS,
        "problems": _problems("adding", 50, steps=5000) + _problems("adding", 100, steps=4000),
    },
    "temporal_order": {"cells": CELLS, "problems": _problems("temporal_order", 50, 100, steps=3000)},
    "tried": {
        "cells": TRIED,
        "problems": _problems("adding", 50, steps=5000)
        + _problems("adding", 100, steps=4000)
        + _problems("temporal_order", 100, steps=3000),
    },
    "gates_off": {
        "cells": GATES,
        "problems": _problems("embedded_reber", 4, steps=1500, test_length=16)
        + _problems("temporal_order", 50, steps=2000)
        + _problems("adding", 50, steps=3000),
    },
}
"""Name of an experiment -> what it changes of `SETTINGS`."""


LIVE = {
    "latch": LAGS.index(30),
    "two_sequence": LAGS.index(30),
    "embedded_reber": 0,
    "adding": 0,
    "temporal_order": 0,
    "tried": 0,
    "gates_off": 0,
}
"""Name of an experiment -> which of its problems is quick enough for a lesson."""


class Live(NamedTuple):
    """A net that was trained while you watched, and how it did."""

    trained: race.Trained
    outcome: race.Outcome


def live(part, cell, seed=0, seconds=15.0, progress=True, watch=None, **changes):
    """Train one cell on the quickest problem of an experiment, for some seconds at most:

        with plots.LiveCurve("An LSTM learns to add") as curve:
            live = long_lags.live("adding", "LSTM, b_f = 5", watch=curve)

    Parameters
    ----------
    part : str
        One of `PARTS`.
    cell : str
        A name in the `cells` of that experiment.
    seed : int
    seconds : float
        Where the training ends if the net is not done before.
    progress, watch : as `fit` takes them
        `plots.LiveCurve` draws what it watches.
    **changes
        To `SETTINGS`.

    Returns
    -------
    Live
    """
    settings = SETTINGS | chosen("part", part, PARTS)
    own = settings | settings["problems"][LIVE[part]] | chosen("cell", cell, settings["cells"]) | changes
    started = time.process_time()
    trained = race.train(seed=seed, progress=progress, watch=watch, seconds=seconds, **own)
    spent = time.process_time() - started
    return Live(trained, race.Outcome(*race.judge(trained, **own), len(trained.history.loss), spent))


def measure(progress=True, **settings):
    """Train every cell on every problem, and guess.

    Returns
    -------
    dict of arrays
        `right`, `error`, `steps`, `cpu_seconds` (cells, problems, seeds), the fields of `race.Outcome`;
        `curve` (cells, problems, seeds, points), the loss of the training steps from `edges[k]` to
        `edges[k+1]`, not a number after the end of a training; `edges` (points + 1,); and where nets were
        guessed `guess_right`, `guess_trials` (sizes, problems, seeds).
    """
    settings = SETTINGS | settings
    cells, problems, seeds = settings["cells"], settings["problems"], settings["seeds"]
    edges, shape = _edges(settings), (len(cells), len(problems), seeds)
    outcomes = np.empty((*shape, len(race.Outcome._fields)), np.float32)
    curves = np.empty((*shape, len(edges) - 1), np.float16)
    guessed = (len(settings["guess_n_s"]), *shape[1:])
    with bar("long_lags", "net", progress, total=np.prod(shape) + np.prod(guessed)) as nets:
        for i, j, seed in np.ndindex(shape):
            own = settings | problems[j] | list(cells.values())[i]
            outcomes[i, j, seed], loss = race.run_of(seed=seed, **own)
            curves[i, j, seed] = np.minimum(race.thinned(loss, edges), np.finfo(np.float16).max)
            nets.update()
        guesses = _guesses(guessed, settings, nets)
    arrays = dict(zip(race.Outcome._fields, np.moveaxis(outcomes, -1, 0), strict=True))
    return arrays | {"curve": curves, "edges": edges} | guesses


def _edges(settings):
    most = max(problem.get("steps", settings["steps"]) for problem in settings["problems"])
    return np.unique([0, *np.geomspace(1, most, settings["points"]).astype(int)])


def _guesses(shape, settings, nets):
    if not shape[0]:
        return {}
    found = np.empty((*shape, 2))
    for i, j, seed in np.ndindex(shape):
        problem, size = settings["problems"][j], settings["guess_n_s"][i]
        changes = {"n_s": size, "guess_trials": settings["guess_trials"]}
        found[i, j, seed] = lags.guess(problem["length"], seed, problem["task"], **changes)
        nets.update()
    return {"guess_right": found[..., 0], "guess_trials": found[..., 1]}
