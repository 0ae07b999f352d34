"""The long measurements of the course, each repeatable with one command:

    python -m rnnlib.experiments echo
    python -m rnnlib.experiments long_lags adding

The second form names one of several experiments of a module; in Python its name is "long_lags adding". A
result is stored in `rnnlib/data/results` as numbers (`.npz`) and as the way they were made (`.json`:
settings, seeds, versions, machine, minutes, date). Read it with `rnnlib.data.load_results`, by a name without
a space, `long_lags_adding`. `cliff` is quick and stores nothing: call it.

Where a module has `nets`, one trained network of it is kept in `rnnlib/data/models` as well; `data.load_net`
reads it.
"""

import datetime
import importlib
import json
import os
import platform
import time
from pathlib import Path

import numpy as np

from rnnlib import data, saving

__all__ = ["LONG_LAGS", "NAMES", "run"]

LONG_LAGS = (
    "latch",
    "two_sequence",
    "embedded_reber",
    "adding",
    "temporal_order",
    "tried",
    "gates_off",
    "conventions",
)
"""The experiments of `long_lags`."""

NAMES = (
    *("echo", "gate_lab", "gesture tracks", "gesture clips", "gradient_lab", "lags", "language"),
    *("memory_race", "mini_batch", "peepholes", "speech", "sunspots"),
    *(f"long_lags {part}" for part in LONG_LAGS),
)
"""All experiments."""


def run(name, folder=None, progress=True, **changes):
    """Measure and store one experiment.

    Parameters
    ----------
    name : str
        One of `NAMES`: a module of this package with `SETTINGS` and `measure(progress, **settings)`, and
        where it has several experiments, which of its `PARTS`: what that one changes of the settings.
    folder : path, optional
        Where to store, trained networks in `models` of it; the package's own folders if not given.
    progress : bool
        Show a progress bar.
    **changes
        Settings that differ from the module's, such as fewer seeds.

    Returns
    -------
    arrays : dict of arrays
    settings : dict
    """
    if name not in NAMES:
        raise ValueError(f"name is {name!r}; expected one of {', '.join(NAMES)}")
    module, _, part = name.partition(" ")
    module = importlib.import_module(f"rnnlib.experiments.{module}")
    changes = (module.PARTS[part] if part else {}) | changes
    unknown = set(changes) - set(module.SETTINGS)
    if unknown:
        raise ValueError(f"no setting {sorted(unknown)}; expected some of {', '.join(module.SETTINGS)}")
    settings, start = module.SETTINGS | changes, (time.perf_counter(), time.process_time())
    arrays = module.measure(progress=progress, **settings)
    settings |= _circumstances(time.perf_counter() - start[0], time.process_time() - start[1])
    _store(Path(folder or data.FOLDER / "results"), name.replace(" ", "_"), arrays, settings)
    if hasattr(module, "nets"):
        _keep(Path(folder or data.FOLDER) / "models", module.nets(**module.SETTINGS | changes))
    return arrays, settings


def _circumstances(seconds, cpu_seconds):
    return {
        "minutes": round(seconds / 60, 2),
        "cpu_minutes": round(cpu_seconds / 60, 2),  # less than the minutes when other work goes on
        "date": datetime.date.today().isoformat(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
    }


def _store(folder, name, arrays, settings):
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / f"{name}.npz", **arrays)
    text = json.dumps(settings, indent=2) + "\n"
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


def _keep(folder, nets):
    folder.mkdir(parents=True, exist_ok=True)
    for name, trained in nets.items():
        saving.save(folder / f"{name}.npz", trained.network, trained.params)
