"""What the experiments of `long_lags` found, in numbers: by cell, and beside the papers' numbers.

Papers' numbers are quoted, with their table; ours are computed from the stored runs each time they are asked
for. The two are no contest: the papers trained with one sequence at a time, by other rules (see `race`).
"""

from typing import NamedTuple

import numpy as np

from rnnlib import data
from rnnlib.experiments import race
from rnnlib.experiments._training import chosen
from rnnlib.experiments.long_lags import PARTS

__all__ = [
    "PAPERS",
    "Compared",
    "Guessed",
    "Quoted",
    "Summary",
    "as_markdown",
    "beside_the_papers",
    "guessed",
    "summary",
]


class Summary(NamedTuple):
    """How the seeds of one cell did on one problem.

    solved, seeds : how many nets solved it, of how many
    sequences : median number of training sequences of those that solved it; None if none did
    error : median test error E of all
    """

    cell: str
    task: str
    length: int
    solved: int
    seeds: int
    sequences: int | None
    error: float


class Guessed(NamedTuple):
    """How guessing did on one problem.

    units : in the net
    solved, seeds : how often it found a net, of how many
    trials : mean number of nets drawn where it did; None if it never did
    """

    units: int
    task: str
    length: int
    solved: int
    seeds: int
    trials: int | None


class Quoted(NamedTuple):
    """A paper's number, and which of our nets to look at beside it.

    task, length : as in `race.train`
    theirs : the paper's net
    solved : percentage of trials, or None where the table gives none
    sequences : mean number of training sequences of the successful trials, or None
    source : paper and table
    ours : (name of an experiment, name of a cell) for each net
    """

    task: str
    length: int
    theirs: str
    solved: int | None
    sequences: int | None
    source: str
    ours: tuple


HS = "Hochreiter and Schmidhuber (1997), table"
KEEPING = ("LSTM, no forget gate", "LSTM, b_f = 5")
OF_1997 = ("tried", "LSTM of 1997, b_i = -3")
PAPERS = (
    Quoted(
        *("embedded_reber", 1, "LSTM, best row", 100, 8_440, f"{HS} 1"),
        tuple(("embedded_reber", cell) for cell in KEEPING),
    ),
    Quoted(
        *("embedded_reber", 1, "Elman net", 0, None, f"{HS} 1"),
        (("embedded_reber", "RNN, Elman"), ("embedded_reber", "RNN")),
    ),
    Quoted(
        *("adding", 100, "LSTM", None, 74_000, f"{HS} 7"),
        (*(("adding", cell) for cell in KEEPING), OF_1997),
    ),
    Quoted(
        *("temporal_order", 100, "LSTM", None, 31_390, f"{HS} 9"),
        (*(("temporal_order", cell) for cell in KEEPING), OF_1997),
    ),
)
"""Numbers of papers, quoted."""


class Compared(NamedTuple):
    """A row of the table: the paper's net and numbers, then ours."""

    task: str
    length: int
    paper: str
    their_sequences: str
    our_net: str
    our_sequences: str
    source: str


def summary(part, results=None):
    """Summarize the stored runs of an experiment.

    Parameters
    ----------
    part : str
        One of `long_lags.PARTS`.
    results : (arrays, settings), optional
        As `data.load_results` gives them; the stored ones if not given.

    Returns
    -------
    list of Summary
        Problem by problem, and there cell by cell.
    """
    arrays, settings = _results(part, results)
    outcome = race.Outcome(*(arrays[field] for field in race.Outcome._fields))
    places = [(i, j) for j in range(len(settings["problems"])) for i in range(len(settings["cells"]))]
    return [_one(settings, race.Outcome(*(array[i, j] for array in outcome)), i, j) for i, j in places]


def _one(settings, outcome, i, j):
    problem, solved = settings["problems"][j], outcome.solved
    sequences = int(np.median(outcome.steps[solved]) * settings["B"]) if solved.any() else None
    numbers = (int(solved.sum()), len(solved), sequences, float(np.median(outcome.error)))
    return Summary(list(settings["cells"])[i], problem["task"], problem["length"], *numbers)


def guessed(part, results=None):
    """Summarize the nets whose weights nobody trained.

    To compare: one tanh unit without a readout, three weights drawn from ±100, solved the latch problem after
    22 trials on average in Schmidhuber, Hochreiter and Bengio (2001), "Evaluating benchmark problems by
    random guessing", section "Latch and 2-sequence problems", variant II. Ours have a readout as well.

    Parameters
    ----------
    part : "latch" or "two_sequence"
    results : as `summary` takes them

    Returns
    -------
    list of Guessed
        Size by size, and there problem by problem.
    """
    arrays, settings = _results(part, results)
    if "guess_right" not in arrays:
        raise ValueError(f"part is {part!r}; expected one in which nets were guessed, latch or two_sequence")
    rows = []
    for i, j in np.ndindex(arrays["guess_right"].shape[:2]):
        solved, problem = arrays["guess_right"][i, j] >= race.SOLVED, settings["problems"][j]
        trials = int(round(arrays["guess_trials"][i, j][solved].mean())) if solved.any() else None
        counts = (int(solved.sum()), len(solved), trials)
        rows.append(Guessed(settings["guess_n_s"][i], problem["task"], problem["length"], *counts))
    return rows


def _results(part, results):
    chosen("part", part, PARTS)
    return data.load_results(f"long_lags_{part}") if results is None else results


def beside_the_papers():
    """Return a list of Compared: each of `PAPERS` beside what the stored runs say."""
    return [_compared(quoted, *net) for quoted in PAPERS for net in quoted.ours]


def _compared(quoted, part, cell):
    wanted = (cell, quoted.task, quoted.length)
    (ours,) = [row for row in summary(part) if row[:3] == wanted]
    theirs = _in_words(quoted.sequences, None if quoted.solved is None else f"{quoted.solved} %")
    found = _in_words(ours.sequences, f"{ours.solved} of {ours.seeds}")
    return Compared(ours.task, ours.length, quoted.theirs, theirs, cell, found, quoted.source)


def _in_words(sequences, solved):
    parts = [None if sequences is None else f"{sequences:,}", None if solved is None else f"{solved} solved"]
    return ", ".join(part for part in parts if part)


def as_markdown(rows):
    """Return rows of one kind, named tuples, as a table for a notebook."""
    head = [name.replace("_", " ") for name in rows[0]._fields]
    lines = [head, ["---"] * len(head), *[[_shown(value) for value in row] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(value):
    if value is None:
        return "–"
    return f"{value:.2g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else value
