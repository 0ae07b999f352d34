"""Say in plain words whether everything a lesson needs is installed."""

from __future__ import annotations

import sys
from importlib import metadata

OLDEST_PYTHON = (3, 11)
PURPOSE = {
    "numpy": "arrays, on which everything is computed",
    "matplotlib": "figures",
    "sympy": "formulas",
    "anywidget": "the sliders",
    "ipywidgets": "the sliders",
    "jupyterlab": "the page you are looking at",
    "tqdm": "progress bars",
}


def report() -> str:
    """Return one line that says all is well, or a line for each thing that is missing.

    Returns
    -------
    str
        Plain words, with the command that mends what is missing. Versions are left out on purpose:
        the text is the same on every healthy machine.
    """
    problems = _problems()
    if not problems:
        return f"Everything is here: Python is new enough and all {len(PURPOSE)} packages are installed."
    cure = "To mend it: close JupyterLab, run `make lab` in the course's folder, and start again."
    return "\n".join([*problems, cure])


def _problems() -> list[str]:
    problems = []
    if sys.version_info < OLDEST_PYTHON:
        found, wanted = (".".join(map(str, v)) for v in (sys.version_info[:2], OLDEST_PYTHON))
        problems.append(f"Python is {found}; the course needs {wanted} or newer.")
    for package, purpose in PURPOSE.items():
        try:
            metadata.version(package)
        except metadata.PackageNotFoundError:
            problems.append(f"{package} is missing: it provides {purpose}.")
    return problems
